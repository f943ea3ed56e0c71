/// Cuts what a child writes to its standard error into lines, bounded in length and number.
struct StandardErrorLines {
    static let lineLimit = 500
    static let linesPerCall = 20
    private static let tailLimit = 2_000

    private var partial: [UInt8] = []
    private var count = 0
    /// The last bytes of it all: what a dying program says is at the end.
    private var tail: [UInt8] = []

    /// Takes bytes in and hands whole lines out, until `linesPerCall` have been since `reset`.
    mutating func take(_ bytes: some Collection<UInt8>) -> [String] {
        tail.append(contentsOf: bytes.suffix(Self.tailLimit))
        if tail.count > Self.tailLimit { tail.removeFirst(tail.count - Self.tailLimit) }
        var lines: [String] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                if partial.count < Self.lineLimit { partial.append(byte) }
                continue
            }
            if count < Self.linesPerCall, !partial.isEmpty { lines.append(String(decoding: partial, as: UTF8.self)) }
            count += 1
            partial.removeAll(keepingCapacity: true)
        }
        return lines
    }

    /// A new call begins.
    mutating func reset() {
        count = 0
        tail.removeAll(keepingCapacity: true)
    }

    /// Whether the last words are those of a program that was refused memory: the ways in which GLib, the Swift runtime,
    /// C++, the C library and Perl say so.
    var speaksOfMemory: Bool {
        let text = String(decoding: tail, as: UTF8.self).lowercased()
        return [
            "failed to allocate", "cannot allocate memory", "could not allocate memory", "out of memory", "bad_alloc",
            "memoryerror",
        ]
        .contains { text.contains($0) }
    }
}
