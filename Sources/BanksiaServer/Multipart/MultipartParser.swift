import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads `multipart/form-data` as it arrives (RFC 2046 §5.1, RFC 7578): chunks go in, events come out.
///
/// A pure value without I/O. It holds back at most one delimiter's worth of a body, so its memory does not depend on how
/// large a part is, and any cut of the same bytes into chunks yields the same events (but for where bodies are cut).
struct MultipartParser {
    enum Event: Equatable {
        case headers(PartHeaders)
        /// A piece of the part's body; it shares the memory of the chunk it came in.
        case body(ByteBuffer)
        case endPart
        case end
    }

    /// Limits on what is not a part's body.
    enum Limit {
        /// Parts of one form. The largest form of the API has about twenty, arrays sent as repeated fields more.
        static let parts = 1000
        /// Headers of one part, in bytes.
        static let headerBytes = 16 << 10
        /// What stands before the first delimiter or after the last, in bytes: nothing, from any client we know.
        static let surroundings = 16 << 10
    }

    private enum State {
        case preamble, delimiterEnd, headers, bodyStart, body, epilogue
    }

    private let delimiter: [UInt8]
    private var state = State.preamble
    // As if a line had ended before the first byte: then the first delimiter looks like all others.
    private var buffer = ByteBuffer(string: "\r\n")
    private var headers = PartHeaders()
    private var headerBytes = 0
    private var surroundingBytes = 0
    private var parts = 0

    /// - Parameter boundary: the parameter of the content type, 1 to 70 characters.
    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// Whether the closing delimiter has been seen.
    var isComplete: Bool { state == .epilogue }

    /// Takes the next bytes. All events of earlier ones must have been fetched.
    mutating func feed(_ chunk: ByteBuffer) {
        if buffer.readableBytes == 0 { buffer = chunk } else { buffer.writeImmutableBuffer(chunk) }
    }

    /// The next event; nil when more bytes are needed.
    mutating func next() throws(RequestProblem) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return nil }
            case .delimiterEnd:
                guard let end = try readDelimiterEnd() else { return nil }
                if end { return .end }
            case .headers:
                guard let headers = try readHeaders() else { return nil }
                return .headers(headers)
            case .bodyStart:
                guard let isEmpty = skipHeaderEnd() else { return nil }
                if isEmpty { return .endPart }
            case .body: return readBody()
            case .epilogue:
                try discardSurroundings(buffer.readableBytes)
                return nil
            }
        }
    }

    private mutating func skipPreamble() throws(RequestProblem) -> Bool {
        let (plain, match) = scan()
        try discardSurroundings(plain)
        guard match == .whole else { return false }
        enterDelimiterEnd()
        return true
    }

    private mutating func discardSurroundings(_ count: Int) throws(RequestProblem) {
        surroundingBytes += count
        guard surroundingBytes <= Limit.surroundings else { throw .malformedBody("the boundary is not where it should be") }
        buffer.moveReaderIndex(forwardBy: count)
    }

    private mutating func enterDelimiterEnd() {
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        state = .delimiterEnd
    }

    /// What follows a delimiter: two hyphens (the end), or blanks and a line end (a part). Nil when it is not there yet.
    private mutating func readDelimiterEnd() throws(RequestProblem) -> Bool? {
        let view = buffer.readableBytesView
        if view.starts(with: "--".utf8) {
            buffer.moveReaderIndex(forwardBy: 2)
            state = .epilogue
            return true
        }
        let blanks = view.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
        guard blanks < 1024 else { throw .malformedBody("a boundary line is too long") }
        let rest = view.dropFirst(blanks).prefix(2)
        if rest.elementsEqual("\r\n".utf8) {
            buffer.moveReaderIndex(forwardBy: blanks + 2)
            parts += 1
            guard parts <= Limit.parts else { throw .malformedBody("it has too many parts") }
            state = .headers
            return false
        }
        let mayStillCome =
            rest.isEmpty
            || rest.count == 1 && (rest.first == UInt8(ascii: "\r") || blanks == 0 && rest.first == UInt8(ascii: "-"))
        guard mayStillCome else { throw .malformedBody("a boundary line holds something else") }
        return nil
    }

    /// Reads lines up to the empty one, whose line end is left: a part without a body may use it as that of the delimiter.
    private mutating func readHeaders() throws(RequestProblem) -> PartHeaders? {
        while let length = lineLength() {
            guard length > 0 else {
                defer { headers = PartHeaders() }
                headerBytes = 0
                state = .bodyStart
                return headers
            }
            try count(headerBytes: length + 2)
            let line = buffer.readBytes(length: length) ?? []
            buffer.moveReaderIndex(forwardBy: 2)
            try headers.add(line)
        }
        guard headerBytes + buffer.readableBytes <= Limit.headerBytes else {
            throw .malformedBody("the headers of a part are too large")
        }
        return nil
    }

    private mutating func count(headerBytes count: Int) throws(RequestProblem) {
        headerBytes += count
        guard headerBytes <= Limit.headerBytes else { throw .malformedBody("the headers of a part are too large") }
    }

    private func lineLength() -> Int? {
        let view = buffer.readableBytesView
        var search = view[...]
        while let index = search.firstIndex(of: UInt8(ascii: "\r")) {
            guard index + 1 < view.endIndex else { return nil }
            if view[index + 1] == UInt8(ascii: "\n") { return index - view.startIndex }
            search = view[(index + 1)...]
        }
        return nil
    }

    /// Decides whether the line end behind the headers belongs to the delimiter already. Nil when that cannot be told yet.
    private mutating func skipHeaderEnd() -> Bool? {
        let known = buffer.readableBytesView.prefix(delimiter.count)
        if known.elementsEqual(delimiter.prefix(known.count)) {
            guard known.count == delimiter.count else { return nil }
            enterDelimiterEnd()
            return true
        }
        buffer.moveReaderIndex(forwardBy: 2)
        state = .body
        return false
    }

    private mutating func readBody() -> Event? {
        let (plain, match) = scan()
        if plain > 0, let slice = buffer.readSlice(length: plain) { return .body(slice) }
        guard match == .whole else { return nil }
        enterDelimiterEnd()
        return .endPart
    }

    private enum Match { case none, partial, whole }

    /// How many bytes surely belong to what is being read, and whether a delimiter follows them.
    private func scan() -> (plain: Int, match: Match) {
        buffer.withUnsafeReadableBytes { bytes in
            var position = 0
            while position < bytes.count,
                let found = memchr(bytes.baseAddress! + position, Int32(UInt8(ascii: "\r")), bytes.count - position)
            {
                let start = UnsafeRawPointer(found) - bytes.baseAddress!
                let compared = min(delimiter.count, bytes.count - start)
                if memcmp(bytes.baseAddress! + start, delimiter, compared) == 0 {
                    return (start, compared == delimiter.count ? .whole : .partial)
                }
                position = start + 1
            }
            return (bytes.count, .none)
        }
    }
}
