/// The unit of talk between parent and child: a length of four bytes, big-endian, and that many bytes.
public enum Frame {
    /// The most bytes in one frame: a decoded picture for a model has under one million, a batch of vectors a few.
    public static let limitBytes = 64 << 20
    static let headerBytes = 4

    static func encode(_ parts: [UInt8]...) -> [UInt8] {
        let count = parts.reduce(0) { $0 + $1.count }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes + count)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        for part in parts { bytes.append(contentsOf: part) }
        return bytes
    }
}

/// Cuts a stream of bytes into frames.
struct FrameReader {
    /// The stream announced a frame larger than allowed: what follows cannot be trusted.
    struct Oversized: Error {}

    private var pending: [UInt8] = []
    private let limit: Int

    init(limit: Int = Frame.limitBytes) { self.limit = limit }

    /// Whether bytes lie here that are no whole frame yet.
    var isMidFrame: Bool { !pending.isEmpty }

    mutating func append(_ bytes: some Collection<UInt8>) { pending.append(contentsOf: bytes) }

    /// The next whole frame's payload, `nil` while it has not arrived.
    mutating func next() throws(Oversized) -> [UInt8]? {
        guard pending.count >= Frame.headerBytes else { return nil }
        let count = pending.prefix(Frame.headerBytes).reduce(0) { $0 << 8 | Int($1) }
        guard count <= limit else { throw Oversized() }
        guard pending.count >= Frame.headerBytes + count else { return nil }
        let payload = Array(pending[Frame.headerBytes..<Frame.headerBytes + count])
        pending.removeFirst(Frame.headerBytes + count)
        return payload
    }
}

/// What a child answers: the first byte of the frame says which, the rest is the result or `code NUL detail` in UTF-8.
enum Reply: Equatable {
    case result([UInt8])
    case refused(code: String, detail: String)

    private static let resultTag: UInt8 = 0
    private static let refusedTag: UInt8 = 1
    /// A reason is a sentence or two; more is a stray dump.
    private static let detailLimit = 2_000

    var frame: [UInt8] {
        switch self {
        case .result(let bytes): Frame.encode([Self.resultTag], bytes)
        case .refused(let code, let detail):
            Frame.encode([Self.refusedTag], Array(code.utf8) + [0] + Array(detail.prefix(Self.detailLimit).utf8))
        }
    }

    init?(payload: [UInt8]) {
        let rest = payload.dropFirst()
        switch payload.first {
        case Self.resultTag: self = .result(Array(rest))
        case Self.refusedTag:
            guard let separator = rest.firstIndex(of: 0) else { return nil }
            self = .refused(
                code: String(decoding: rest[..<separator], as: UTF8.self),
                detail: String(decoding: rest[(separator + 1)...].prefix(Self.detailLimit * 4), as: UTF8.self))
        default: return nil
        }
    }

    init(result: [UInt8]) { self = .result(result) }
}
