import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Files of a model that lie under one address.
struct ModelDownload {
    private let base: String

    /// Files under an address, with or without a slash at its end.
    init(_ url: String) { base = url.hasSuffix("/") ? url : url + "/" }

    typealias Bytes = AsyncMapSequence<HTTPClientResponse.Body, [UInt8]>

    /// The bytes of a file from an offset on, as they arrive.
    func bytes(of name: String, from offset: Int64) async throws -> Bytes {
        var request = HTTPClientRequest(url: base + name)
        if offset > 0 { request.headers.add(name: "Range", value: "bytes=\(offset)-") }
        let response = try await HTTPClient.shared.execute(request, timeout: .hours(6))
        guard response.status.code == (offset > 0 ? 206 : 200) else {
            throw ValidationError("\(request.url) answers \(response.status.code).")
        }
        return response.body.map { Array(buffer: $0) }
    }
}

/// A model on a hub that answers as Hugging Face's Hub API does.
struct ModelRepository {
    /// What its owner calls it.
    let name: String
    /// Its files.
    let files: ModelDownload
    private let listingURL: String

    private static let owner = "immich-app"
    /// More than lists a thousand files, which is what one answer holds.
    private static let longestListing = 4 << 20

    /// `NAME` or `OWNER/NAME`; `nil` for what is neither.
    init?(_ path: String, on hub: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.hasPrefix(".")
                && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        }
        guard isPlain, parts.count <= 2, let last = parts.last else { return nil }
        name = String(last)
        let whole = parts.count == 2 ? path : "\(Self.owner)/\(path)"
        let hub = hub.hasSuffix("/") ? String(hub.dropLast()) : hub
        files = ModelDownload("\(hub)/\(whole)/resolve/main")
        listingURL = "\(hub)/api/models/\(whole)/tree/main?recursive=true"
    }

    /// What the hub says of its files.
    func listing() async throws -> [UInt8] {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: listingURL), timeout: .seconds(60))
        guard response.status == .ok else {
            // Hugging Face answers 401 for what is not there, so as not to tell what is private.
            throw ValidationError("There is no folder \(name), and \(listingURL) answers \(response.status.code).")
        }
        return Array(buffer: try await response.body.collect(upTo: Self.longestListing))
    }
}
