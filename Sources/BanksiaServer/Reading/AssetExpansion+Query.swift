import BanksiaLibrary

extension AssetExpansion {
    /// The groups that `include` asks for. Absent: all, as the first clients expect; present without a token: none.
    init(_ query: Query) throws(RequestProblem) {
        guard query.has("include") else {
            self = .full
            return
        }
        var groups = AssetExpansion.lean
        for token in try query.list("include") {
            guard let group = Self.token[token] else {
                throw .invalid(
                    field: "include", issue: "'\(token)' is none of \(Self.token.keys.sorted().joined(separator: ", ")).")
            }
            groups.formUnion(group)
        }
        self = groups
    }

    private static let token: [String: AssetExpansion] = [
        "metadata": .metadata, "faces": .faces, "people": .people, "file_data": .fileData, "variants": .variants,
        "metrics": .metrics,
    ]
}
