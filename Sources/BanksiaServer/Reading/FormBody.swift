import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of an HTML form, as pages and OAuth send them (application/x-www-form-urlencoded).
struct FormBody: Sendable {
    private let fields: Query

    /// Our forms hold a few lines.
    static let limit = 64 << 10

    private init(_ text: Substring) throws(RequestProblem) { fields = try Query(text) }

    /// Reads a form.
    ///
    /// - Throws: `RequestProblem`: another content type, too large, not UTF-8.
    static func read(_ request: Request) async throws -> FormBody {
        let expected = "application/x-www-form-urlencoded"
        let bytes = try await BodyReading.collect(request, upTo: limit, named: "64 KiB")
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == expected else { throw RequestProblem.wrongContentType(expected: expected) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RequestProblem.malformedBody("it is not text in UTF-8")
        }
        let form = try FormBody(text[...])
        guard !form.fields.holdsNUL else { throw RequestProblem.malformedBody("a field holds a NUL character") }
        return form
    }

    /// The first value of a field, as it was typed; empty when there is none.
    subscript(_ name: String) -> String { fields.raw(name) ?? "" }
}
