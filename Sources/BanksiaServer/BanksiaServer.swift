public import BanksiaFiles
public import BanksiaLibrary
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP server: a service that runs until it is told to stop, and then lets the requests under way finish.
public struct BanksiaServer: Service, CustomStringConvertible {
    private let configuration: ServerConfiguration
    private let front: Front
    private let logger: Logger
    private let onServerRunning: @Sendable (Int) async -> Void

    /// - Parameter onServerRunning: called once with the port that was bound.
    public init(
        configuration: ServerConfiguration, library: PhotoLibrary, files: any FileStore, limiter: RequestLimiter = .off,
        logger: Logger,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws {
        let parts = Parts(
            library: library, files: files, signer: MediaSigner(key: try await library.accounts.mediaSigningKey()),
            document: OpenAPIDocument(), configuration: configuration, limiter: limiter)
        self.configuration = configuration
        self.logger = logger
        self.onServerRunning = onServerRunning
        front = Front(parts: parts, gates: Gates(), logger: logger)
    }

    /// A name only: service-lifecycle writes its services to the log, and this one holds the key that signs media URLs.
    public var description: String { "BanksiaServer" }

    public func run() async throws { try await application().run() }

    /// The server as Hummingbird knows it; tests drive it without a socket.
    func application() -> Application<Front> {
        Application(
            responder: front,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionGuard(patience: TimeAmount(configuration.idleTimeout))],
                    idleTimeout: TimeAmount(configuration.idleTimeout),
                    httpDecoderConfiguration: ConnectionGuard.headerLimits)),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections)),
            onServerRunning: { [onServerRunning] channel in
                if let port = channel.localAddress?.port { await onServerRunning(port) }
            },
            logger: logger)
    }
}
