import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL
import Foundation

extension Renditions {
    /// Puts the preview of a version into a folder of this machine, as a file to work on; it is made now if it was not yet.
    ///
    /// - Returns: its path; `nil` when the version is gone.
    /// - Throws: `JobFailure` when no preview can be made of the file.
    func preview(of version: AssetVersion, into folder: String) async throws -> String? {
        do {
            let delivery = try await open(
                Variant.preview.rawValue, of: version.assetID.description, version: version.id.description, for: .signedURL)
            let path = "\(folder)/preview"
            do {
                try await copy(delivery, to: path)
            } catch FileProblem.missing {
                try await copy(try await restore(delivery), to: path)
            }
            return path
        } catch AssetProblem.notFound {
            guard try await database.read({ tx in try AssetStore.version(version.id, tx) }) != nil else { return nil }
            throw JobFailure.permanent("There is no picture of it.")
        }
    }

    private func copy(_ delivery: Delivery, to path: String) async throws {
        var bytes = Data()
        for try await piece in try await files.read(delivery.file, 0..<delivery.sizeBytes) { bytes += piece }
        try bytes.write(to: URL(filePath: path))
    }
}
