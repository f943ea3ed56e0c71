import Foundation

/// The files of a model's repository that an exported pack is made of, as a hub lists them.
///
/// The form is that of Hugging Face's Hub API (`/api/models/OWNER/NAME/tree/REVISION?recursive=true`): an array of entries with
/// `type`, `path`, `size` and `oid`, where large files have their SHA-256 in `lfs.oid` and small ones the hash of Git's object.
struct HubListing {
    /// What is to be fetched, by path.
    let files: [String: ExpectedFile]

    /// The name under which what was listed is kept beside what was fetched.
    static let fileName = "listing.json"
    private static let longest = 4 << 20

    private struct Entry: Codable {
        struct Large: Codable { var oid: String }
        var type: String
        var path: String
        var size: Int64
        var oid: String
        var lfs: Large?
    }
    private let entries: [Entry]

    /// Reads a listing.
    ///
    /// - Throws: `ModelPackProblem.listing` for what is none, `.missing` when a file is not listed that an export needs.
    init(_ json: Data) throws(ModelPackProblem) {
        guard json.count <= Self.longest, let all = try? JSONDecoder().decode([Entry].self, from: json)  // the sentence says it
        else { throw .listing("it is no array of files") }
        let wanted = Set(ExportedPack.needed + ExportedPack.optional)
        entries = all.filter { $0.type == "file" && wanted.contains($0.path) }.sorted { $0.path < $1.path }
        var files: [String: ExpectedFile] = [:]
        for entry in entries { files[entry.path] = try Self.expected(entry) }
        for name in ExportedPack.needed where files[name] == nil { throw .missing(name) }
        self.files = files
    }

    private static func expected(_ entry: Entry) throws(ModelPackProblem) -> ExpectedFile {
        let isDescription = entry.path.hasSuffix(".json")
        guard (0...(isDescription ? Int64(ExportedPack.longestDescription) : 8 << 30)).contains(entry.size) else {
            throw .listing("the size of \(entry.path) is out of bounds")
        }
        let sum = entry.lfs?.oid ?? entry.oid
        // Files that are not stored apart are small; only they have Git's hash alone.
        guard sum.utf8.count == (entry.lfs == nil ? 40 : 64), sum.allSatisfy({ $0.isHexDigit && !$0.isUppercase }),
            entry.lfs != nil || entry.size <= ExportedPack.longestDescription
        else { throw .listing("\(entry.path) has no checksum") }
        return ExpectedFile(bytes: entry.size, checksum: entry.lfs == nil ? .gitBlob(sum) : .sha256(sum))
    }

    /// The same for the same files, whatever else the hub tells and in which order.
    func written() throws(ModelPackProblem) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(entries) else { throw .listing("it cannot be written") }  // it was read from JSON
        return data
    }
}
