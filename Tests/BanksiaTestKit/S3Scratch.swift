public import BanksiaCore
public import BanksiaFiles
import Foundation
public import Logging

/// A file store of the current engine for one test.
public enum ScratchStore {
    /// - Parameter folder: where its files go, or those that a store of objects has on this machine: uploads on their way lie
    ///   in `staging` below it in either case.
    public static func make(in folder: String, pool: BlockingPool, logger: Logger) throws -> any FileStore {
        guard TestEngine.current == .scaled, let scratch = S3Scratch.current else {
            return try FolderStore(root: folder, pool: pool)
        }
        return try ObjectStore(scratch.settings(), localFolder: folder, pool: pool, clock: SystemClock(), logger: logger)
    }
}

/// The S3 store of a test run, named by `BANKSIA_TEST_S3_URL`.
///
/// `s3://ACCESS:SECRET@HOST:PORT/BUCKET/PREFIX?region=REGION`, each part percent-encoded; `PREFIX` may be left out, and
/// `&scheme=https` says that the store speaks TLS. Every test works below a prefix of its own.
public struct S3Scratch: Sendable {
    public let endpoint: String
    public let bucket: String
    public let prefix: String
    public let region: String
    public let accessKey: String
    public let secretKey: String

    /// The store of this run; `nil` when the environment names none, and a line on standard error says so once.
    public static let current: S3Scratch? = {
        if let text = ProcessInfo.processInfo.environment["BANKSIA_TEST_S3_URL"] {
            guard let scratch = S3Scratch(text) else {
                preconditionFailure("BANKSIA_TEST_S3_URL is not the URL of a bucket with its keys")
            }
            return scratch
        }
        FileHandle.standardError.write(Data("BANKSIA_TEST_S3_URL is not set: tests of object storage are left out\n".utf8))
        return nil
    }()

    /// Reads such a URL; `nil` when a part is missing.
    public init?(_ text: String) {
        guard let url = URLComponents(string: text), url.scheme == "s3", let host = url.host, let accessKey = url.user,
            let secretKey = url.password
        else { return nil }
        func query(_ name: String) -> String? { url.queryItems?.first { $0.name == name }?.value }
        let path = url.path.split(separator: "/").map(String.init)
        guard let bucket = path.first else { return nil }
        endpoint = "\(query("scheme") ?? "http")://\(host)" + (url.port.map { ":\($0)" } ?? "")
        self.bucket = bucket
        prefix = path.dropFirst().map { "\($0)/" }.joined()
        region = query("region") ?? "us-east-1"
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    /// Settings with a prefix that nobody else uses.
    ///
    /// - Parameters:
    ///   - endpoint: another address for the same store, such as one that makes trouble on the way.
    ///   - secretKey: another key, such as a wrong one.
    public func settings(
        below name: String = "tests", endpoint: String? = nil, bucket: String? = nil, secretKey: String? = nil
    ) throws(S3SettingsProblem) -> S3Settings {
        try S3Settings(
            bucket: bucket ?? self.bucket, prefix: "\(prefix)\(name)/\(UUID().uuidString.lowercased())",
            endpoint: endpoint ?? self.endpoint, region: region, accessKey: accessKey, secretKey: secretKey ?? self.secretKey,
            isPathStyle: true)
    }
}
