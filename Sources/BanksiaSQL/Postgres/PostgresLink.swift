internal import CPostgres
internal import Foundation

/// A connection of libpq, and the few words that hold in all its modes. Used by one thread at a time.
@safe final class PostgresLink {
    let handle: OpaquePointer

    /// Ending the process must not pull OpenSSL away from under threads that connect.
    private static let openSSLIsKept: Void = banksia_keep_openssl()

    /// Connects.
    ///
    /// - Throws: `PostgresRefusal` with what the server or libpq said.
    init(_ settings: PostgresSettings) throws(PostgresRefusal) {
        unsafe handle = try Self.connected(settings)
        // Notices are for people at a prompt.
        _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { unsafe PQfinish(handle) }

    var isBroken: Bool { unsafe PQstatus(handle) != CONNECTION_OK }
    var socket: Int32 { unsafe PQsocket(handle) }
    var message: String { unsafe Self.message(handle) }

    /// A setting that the server reports by itself, such as `server_encoding`.
    func parameter(_ name: String) -> String? { unsafe PQparameterStatus(handle, name).map { unsafe String(cString: $0) } }

    /// For example 150004 (libpq, `PQserverVersion`).
    var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }

    /// Runs statements without values, each answer but the last thrown away.
    ///
    /// - Throws: `PostgresFault`.
    @discardableResult func run(_ text: String) throws(PostgresFault) -> PostgresAnswer {
        guard let result = unsafe PQexec(handle, text) else { throw PostgresFault(broken: message) }
        let answer = unsafe PostgresAnswer(result)
        guard answer.isGood else { throw answer.fault(isBroken: isBroken) }
        return answer
    }

    /// The order matters: what stands in the URL overrides what comes before it, and is overridden by what comes after
    /// (libpq, `PQconnectdbParams`).
    private static func connected(_ settings: PostgresSettings) throws(PostgresRefusal) -> OpaquePointer {
        let seconds = max(2, Int(settings.connectTimeout.milliseconds + 999) / 1000)
        let parameters = [
            ("fallback_application_name", "banksia"), ("connect_timeout", "\(seconds)"),
            // A server that is gone without a word is noticed within half a minute, not after the hours that TCP allows.
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"),
            ("dbname", settings.url), ("client_encoding", "UTF8"),
        ]
        guard isReadable(settings.url) else { throw .unreadableURL }
        openSSLIsKept
        let names = unsafe parameters.map { unsafe strdup($0.0) }
        let values = unsafe parameters.map { unsafe strdup($0.1) }
        defer { unsafe (names + values).forEach { unsafe free($0) } }
        let handle = unsafe PQconnectdbParams(
            names.map { unsafe UnsafePointer($0) } + [nil], values.map { unsafe UnsafePointer($0) } + [nil], 1)
        guard let handle = unsafe handle else { throw .message("out of memory") }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let text = unsafe message(handle)
            let needsPassword = unsafe PQconnectionNeedsPassword(handle) == 1
            unsafe PQfinish(handle)
            throw needsPassword ? .needsPassword : .message(text)
        }
        return unsafe handle
    }

    /// Whether libpq can take the URL apart, and the parts are plausible. A password with a `/` or `@` that was not encoded
    /// ends up in the wrong parts, and libpq's messages repeat those.
    private static func isReadable(_ url: String) -> Bool {
        var message: UnsafeMutablePointer<CChar>?
        guard url.contains("://") || url.contains("="), let options = unsafe PQconninfoParse(url, &message) else {
            unsafe PQfreemem(message)
            return false
        }
        defer { unsafe PQconninfoFree(options) }
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            let value = unsafe option.pointee.val.map { unsafe String(cString: $0) } ?? ""
            switch unsafe String(cString: keyword) {
            case "port": guard value.allSatisfy({ $0.isNumber || $0 == "," }) else { return false }
            case "host", "dbname": guard !value.contains("@") else { return false }
            default: break
            }
            unsafe option += 1
        }
        return true
    }

    private static func message(_ handle: OpaquePointer) -> String {
        let text = unsafe PQerrorMessage(handle).map { unsafe String(cString: $0) } ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Why no connection came about.
enum PostgresRefusal: Error {
    case unreadableURL
    case needsPassword
    /// The database's text is not in UTF-8.
    case encoding(String)
    /// A server older than 15; its version.
    case version(String)
    /// In the words of the server or of libpq. They hold hosts and names, but no password.
    case message(String)
}
