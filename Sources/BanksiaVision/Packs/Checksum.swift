import Crypto
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Checksums of whole files.
enum Checksum {
    /// The SHA-256 (FIPS 180-4) in lower-case hexadecimal; `nil` when the file cannot be read.
    static func sha256(ofFile path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        var hash = SHA256()
        do { while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) } } catch { return nil }
        return hexadecimal(hash.finalize())
    }

    static func sha256(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

    /// The SHA-1 of Git's object for a file's bytes (gitformat: "blob", the length, a zero, the bytes). Tells damage, not malice.
    static func gitBlob(ofFile path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return hexadecimal(Insecure.SHA1.hash(data: Data("blob \(bytes.count)\0".utf8) + bytes))
    }

    /// A checksum that a file should have, in lower-case hexadecimal.
    enum Expected: Sendable, Hashable {
        case sha256(String)
        case gitBlob(String)

        func isOf(file path: String) -> Bool {
            switch self {
            case .sha256(let sum): Checksum.sha256(ofFile: path) == sum
            case .gitBlob(let sum): Checksum.gitBlob(ofFile: path) == sum
            }
        }
    }

    private static func hexadecimal(_ hash: some Digest) -> String {
        let digits = Array("0123456789abcdef")
        return String(hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

enum FileSize {
    /// Bytes of a regular file; `nil` when there is none.
    static func of(_ path: String) -> Int64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }
}
