package import BanksiaCore
package import NIOCore

/// Writes JSON as bytes straight into a `ByteBuffer`.
///
/// Lists of assets are the hottest answers of the server; going through `Codable` cost about three times as much when
/// it was measured, and it leaves out keys whose value is nil, which the contract forbids. Commas are placed by the
/// writer: a value that does not open its container gets one in front.
package struct JSONWriter {
    /// What has been written so far.
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// - Parameter capacity: bytes to set aside at once; the buffer grows when they do not suffice.
    package init(capacity: Int = 4096) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    /// The finished bytes of one value.
    package static func bytes(of value: some JSONWritable, capacity: Int = 4096) -> ByteBuffer {
        var writer = JSONWriter(capacity: capacity)
        value.write(to: &writer)
        return writer.buffer
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
    package mutating func key(_ key: StaticString) {
        let comma = needsComma ? 1 : 0
        let length = key.utf8CodeUnitCount + 3 + comma
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
            bytes[0] = UInt8(ascii: ",")
            bytes[comma] = UInt8(ascii: "\"")
            UnsafeMutableRawBufferPointer(rebasing: bytes[(comma + 1)...])
                .copyMemory(from: UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
            bytes[length - 2] = UInt8(ascii: "\"")
            bytes[length - 1] = UInt8(ascii: ":")
            return length
        }
        needsComma = false
    }

    /// The key of a field that only the data know; escaped like any string.
    package mutating func key(dynamic key: String) {
        string(key)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

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
            if Self.isPlain(bytes) { quoted(UnsafeRawBufferPointer(bytes)) } else { escaped(bytes) }
        }
    }

    /// An RFC 3339 time in UTC.
    package mutating func time(_ value: Instant) {
        (CivilTime(microseconds: value.microseconds).utf8 + CollectionOfOne(UInt8(ascii: "Z"))).withUnsafeBytes { quoted($0) }
    }

    /// A wall clock with its offset, if it has one.
    package mutating func time(_ value: CaptureTime) { string(value.description) }

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

    /// Bytes that need no escape, between quotation marks, in one go.
    private mutating func quoted(_ bytes: UnsafeRawBufferPointer) {
        let comma = needsComma ? 1 : 0
        let length = bytes.count + 2 + comma
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
            target[0] = UInt8(ascii: ",")
            target[comma] = UInt8(ascii: "\"")
            UnsafeMutableRawBufferPointer(rebasing: target[(comma + 1)...]).copyMemory(from: bytes)
            target[length - 1] = UInt8(ascii: "\"")
            return length
        }
        needsComma = true
    }

    private mutating func escaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<index]))
            escape(byte)
            start = index + 1
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...]))
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        default:
            buffer.writeStaticString(byte < 0x10 ? "\\u000" : "\\u001")
            let low = byte & 0xF
            buffer.writeInteger(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        buffer.writeStaticString(text)
    }

    private mutating func text(_ text: String) {
        separate()
        buffer.writeString(text)
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }
}
