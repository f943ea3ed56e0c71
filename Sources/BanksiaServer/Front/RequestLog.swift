import HTTPTypes
import Logging

/// One line for each request: what kind it was and how it ended. Never its query, its names or its credential.
enum RequestLog {
    static func write(
        _ logger: Logger, _ method: HTTPRequest.Method, _ pattern: String, _ status: HTTPResponse.Status, took duration: Duration
    ) {
        let level: Logger.Level =
            switch status.code {
            case ..<400: .debug
            case ..<500: .info
            default: .warning
            }
        logger.log(
            level: level, "request",
            metadata: [
                "method": "\(method.rawValue)", "route": "\(pattern)", "status": "\(status.code)",
                "ms": "\((duration / .milliseconds(1)).rounded())",
            ])
    }
}
