import AsyncHTTPClient
import BanksiaCore
import NIOCore
import NIOHTTP1
import Synchronization

/// A part of an object. What breaks off in the middle is asked for again from the place that was reached.
final class ObjectBytes: Sendable {
    /// How often in a row a body may break off without a single byte.
    private static let failuresInARow = 4

    private let client: S3Client
    private let key: String
    private let range: Range<Int64>
    private let first = Mutex<HTTPClientResponse?>(nil)

    init(client: S3Client, key: String, range: Range<Int64>) {
        self.client = client
        self.key = key
        self.range = range
    }

    /// Asks for the bytes, so that a missing object shows before anyone reads.
    func open() async throws {
        let response = try await client.get(key, range)
        first.withLock { $0 = response }
    }

    /// Reads what `open` began, or, for a second reader, from anew.
    func reader() -> some FileBytes.Reader {
        var reader = Reader(object: self, place: range.lowerBound)
        let response = first.withLock { first in
            defer { first = nil }
            return first
        }
        if let response { reader.take(response) }
        return reader
    }

    private struct Reader: FileBytes.Reader {
        let object: ObjectBytes
        var place: Int64
        private var body: HTTPClientResponse.Body.AsyncIterator?
        private var entityTag: String?
        private var failures = 0

        init(object: ObjectBytes, place: Int64) {
            self.object = object
            self.place = place
        }

        mutating func take(_ response: HTTPClientResponse) {
            entityTag = response.headers.first(name: "etag") ?? entityTag
            body = response.body.makeAsyncIterator()
        }

        mutating func next() async throws -> [UInt8]? {
            while place < object.range.upperBound {
                if body == nil {
                    take(try await object.client.get(object.key, place..<object.range.upperBound, ifMatch: entityTag))
                }
                if let bytes = try await piece() {
                    place += Int64(bytes.count)
                    failures = 0
                    return bytes
                }
                try await pause()
            }
            return nil
        }

        /// - Returns: `nil` when the body ended too early.
        private mutating func piece() async throws -> [UInt8]? {
            do {
                while let buffer = try await body?.next() {
                    guard buffer.readableBytes > 0 else { continue }
                    return Array(buffer.readableBytesView.prefix(Int(clamping: object.range.upperBound - place)))
                }
            } catch {
                if Task.isCancelled { throw CancellationError() }
                // The connection broke; the next attempt says more if it was not by chance.
            }
            body = nil
            return nil
        }

        private mutating func pause() async throws {
            failures += 1
            guard failures < ObjectBytes.failuresInARow,
                let pause = object.client.backoff.pause(after: failures, chance: .random(in: 0..<1))
            else { throw FileProblem.unreachable }
            try await Task.sleep(for: pause)
        }
    }
}
