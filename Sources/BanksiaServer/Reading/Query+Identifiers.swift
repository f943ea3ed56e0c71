import BanksiaCore

extension Query {
    /// The ids of a filter; `nil` without one. What cannot be an id is left out, because it matches nothing (contract §2).
    func ids<Subject>(_ name: String) throws(RequestProblem) -> [Identifier<Subject>]? {
        let texts = try list(name)
        return texts.isEmpty ? nil : texts.compactMap { Identifier($0) }
    }
}
