import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between the HTTP parser and the requests of one connection.
///
/// It answers what cannot become a request (headers too large, not HTTP at all) with the envelope instead of silence, and
/// tells clients that wait for it that they may send their body.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A request line with 200 ids has 6 KiB; nothing any client sends comes near these limits.
    static let headerLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200)

    /// Requests that have begun and whose answer has not ended.
    private var underWay = 0
    private var isEnding = false
    /// Pieces of answers on their way out, when the last one left, and when to look again.
    private var unwritten = 0
    private var progress = NIODeadline.now()
    private var stall: Scheduled<Void>?
    private let patience: TimeAmount

    /// - Parameter patience: how long a client may take to accept the next piece of an answer.
    init(patience: TimeAmount) { self.patience = patience }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            underWay += 1
            // RFC 9110 §10.1.1: without this line a client waits a second or so before it sends the body.
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body, .end: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { underWay -= 1 }
        let promise = promise ?? context.eventLoop.makePromise()
        if unwritten == 0 { progress = context.eventLoop.now }
        unwritten += 1
        promise.futureResult.assumeIsolated().whenComplete { [loop = context.eventLoop] _ in
            self.unwritten -= 1
            self.progress = loop.now
        }
        if stall == nil { watch(context.channel, for: patience) }
        context.write(data, promise: promise)
    }

    /// A client that takes nothing of its answer for a while is let go: it would hold a file, and a place among those that
    /// are served.
    private func watch(_ channel: any Channel, for time: TimeAmount) {
        stall = channel.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.stall = nil
            guard self.unwritten > 0 else { return }
            let left = self.progress + self.patience - channel.eventLoop.now
            if left > .zero { self.watch(channel, for: left) } else { channel.close(promise: nil) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stall?.cancel() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // In the middle of a request its reader gets the error and answers, and behind one whose answer is still to come the
        // server does; otherwise there is nobody to do so.
        guard let error = error as? HTTPParserError, underWay == 0 else { return context.fireErrorCaught(error) }
        guard !isEnding else { return }
        isEnding = true
        let problem: RequestProblem =
            error == .headerOverflow ? .headersTooLarge : .malformedBody("the request broke the rules of HTTP")
        let answer = ProblemAnswer(problem, requestID: RequestID.of([:]))
        var head = answer.head
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = "\(answer.body.readableBytes)"
        CrossOrigin.allow(&head.headerFields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context.channel)
    }

    /// Closing at once with bytes unread would reset the connection and could take the answer with it (RFC 9112 §9.6). So
    /// nothing more is read, and the connection ends a little later.
    private func linger(_ channel: any Channel) {
        channel.setOption(.autoRead, value: false).whenComplete { _ in
            channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        }
    }
}
