import HTTPTypes

/// The boundary that a request's content type names.
enum MultipartBoundary {
    /// - Throws: 415 for another content type, 400 for a boundary that is missing or not 1 to 70 characters (RFC 2046 §5.1.1).
    static func of(_ headers: HTTPFields) throws(RequestProblem) -> String {
        guard let header = headers[.contentType] else { throw .wrongContentType(expected: "multipart/form-data") }
        var parameters = HeaderParameters(header)
        guard parameters.value.lowercased() == "multipart/form-data" else {
            throw .wrongContentType(expected: "multipart/form-data")
        }
        while let (name, value) = parameters.next() {
            guard name == "boundary" else { continue }
            guard (1...70).contains(value.utf8.count), !value.utf8.contains(where: { $0 < 0x20 }) else { break }
            return value
        }
        throw .malformedBody("the content type names no usable boundary")
    }
}
