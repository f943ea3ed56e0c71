/// How the server is reached, and what it bounds.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 lets the system choose.
    public var port: Int
    /// Where clients reach the server, for the absolute URLs in answers; nil: what the request says.
    public var publicURL: String?
    /// The largest file that is taken, in bytes; 0: no limit but the disk.
    public var maximumUploadBytes: Int64
    /// How long a connection may be silent, and a client may take to send the next piece of a request.
    public var idleTimeout: Duration
    /// Open connections; further ones wait in the system's queue.
    public var maximumConnections: Int

    /// Proxies that are believed when they say in `X-Forwarded-For` whom they ask for.
    public var trustedProxies: [AddressRange]

    public init(
        host: String, port: Int, publicURL: String? = nil, maximumUploadBytes: Int64 = 0, idleTimeout: Duration = .seconds(75),
        maximumConnections: Int = 2048, trustedProxies: [AddressRange] = []
    ) {
        self.host = host
        self.port = port
        self.publicURL = publicURL
        self.maximumUploadBytes = maximumUploadBytes
        self.idleTimeout = idleTimeout
        self.maximumConnections = maximumConnections
        self.trustedProxies = trustedProxies
    }
}
