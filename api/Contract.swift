public import Foundation

/// The published API, as written in `openapi.yaml` beside this file: the one source that the served document, the
/// route table's test and the clients' tests are held to.
public enum Contract {
    /// Where the document lies beside the binary.
    public static var documentURL: URL? { Bundle.module.url(forResource: "openapi", withExtension: "yaml") }
}
