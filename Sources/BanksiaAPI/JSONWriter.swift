package import BanksiaCore
package import NIOCore

/// Writes JSON as bytes into memory of its own.
///
/// Lists of assets are the hottest answers of the server; going through `Codable` cost about three times as much when
/// it was measured, and it leaves out keys whose value is nil, which the contract forbids. A `ByteBuffer` that grows with
/// each small piece cost twice as much as plain memory: each piece asks anew who owns it. Commas are placed by the writer: a
/// value that does not open its container gets one in front.
package struct JSONWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var needsComma = false

    /// - Parameter capacity: bytes to set aside at once; there will be more when they do not suffice.
    package init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// The finished bytes of one value.
    package static func bytes(of value: some JSONWritable, capacity: Int = 4096) -> ByteBuffer {
        var writer = JSONWriter(capacity: capacity)
        value.write(to: &writer)
        var buffer = ByteBufferAllocator().buffer(capacity: writer.count)
        buffer.writeBytes(UnsafeRawBufferPointer(start: writer.start, count: writer.count))
        return buffer
    }

    /// Room for so many bytes behind what is written; `count` is for the caller to move on.
    @inline(__always)
    private mutating func room(for length: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < length { grow(by: length) }
        return start + count
    }

    @inline(never)
    private mutating func grow(by length: Int) {
        capacity = max(2 * capacity, count + length)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        room(for: 1).pointee = byte
        count += 1
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        room(for: bytes.count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    private mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// `{…}`; `body` writes the fields.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// `[…]`; `body` writes one element.
    package mutating func array<Elements: Sequence>(_ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void) {
        open(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        close(UInt8(ascii: "]"))
    }

    /// One field of an object; nil is written as `null`.
    @inline(__always)
    package mutating func field(_ key: StaticString, _ value: some JSONWritable) {
        self.key(key)
        value.write(to: &self)
    }

    /// The key of a field whose value follows. Keys are ours and need no escaping.
    @inline(__always)
    package mutating func key(_ key: StaticString) {
        separate()
        append(UInt8(ascii: "\""))
        append(key)
        append("\":")
        needsComma = false
    }

    /// The key of a field that only the data know; escaped like any string.
    package mutating func key(dynamic key: String) {
        string(key)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A whole value that is JSON already.
    package mutating func json(_ text: String) { self.text(text) }

    package mutating func null() { literal("null") }
    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
    package mutating func integer(_ value: Int64) { text(value.description) }

    /// The shortest digits that read back as the same number; what JSON cannot say (not finite) becomes `null`.
    package mutating func number(_ value: Double) {
        if value.isFinite { text(value.description) } else { null() }
    }

    /// A string, escaped as RFC 8259 §7 asks: quotation mark, reverse solidus and U+0000…U+001F, nothing else.
    package mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { bytes in
            separate()
            append(UInt8(ascii: "\""))
            if Self.isPlain(bytes) { append(bytes) } else { appendEscaped(bytes) }
            append(UInt8(ascii: "\""))
        }
    }

    /// An RFC 3339 time in UTC.
    package mutating func time(_ value: Instant) { time(CaptureTime(value)) }

    /// A wall clock with its offset, if it has one.
    package mutating func time(_ value: CaptureTime) {
        separate()
        append(UInt8(ascii: "\""))
        let room = room(for: CaptureTime.longestText)
        count += value.write(into: UnsafeMutableBufferPointer(start: room, count: CaptureTime.longestText))
        append(UInt8(ascii: "\""))
    }

    /// Whether no byte needs an escape, looked at eight at a time.
    ///
    /// For each byte x of a word, the high bit of `(x - n) & ~x` is set if x < n (Anderson, "Bit Twiddling Hacks", "Determine
    /// if a word has a byte less than n"); a byte equals c where x ^ c is less than 1. Borrows can only report too much.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func has(_ word: UInt64, below limit: UInt64) -> UInt64 { (word &- ones &* limit) & ~word & (ones &* 0x80) }
        let raw = UnsafeRawBufferPointer(bytes)
        var place = 0
        while place + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let found = has(word, below: 0x20) | has(word ^ (ones &* 0x22), below: 1) | has(word ^ (ones &* 0x5C), below: 1)
            guard found == 0 else { return false }
            place += 8
        }
        return bytes[place...].allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            escape(byte)
            start = index + 1
        }
        append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append(byte < 0x10 ? "\\u000" : "\\u001")
            let low = byte & 0xF
            append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        append(text)
    }

    private mutating func text(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { append($0) }
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }
}
