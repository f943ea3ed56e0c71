/// A run of bytes that can be looked at without copying. The server's network buffers are made to conform.
public protocol ByteChunk: Sendable {
    /// Lends the bytes for the time of the call.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ByteChunk {
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(body)
    }
}
