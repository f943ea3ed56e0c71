import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL

extension Renditions {
    /// The portrait of a face; one that was not cut out yet is now.
    ///
    /// - Throws: `FaceProblem.notFound` when there is no such face, or its asset gives no picture.
    public func open(portraitOf face: String, for permission: Permission) async throws -> Delivery {
        guard let face = FaceID(face) else { throw FaceProblem.notFound }
        let crop = try await crop(of: face, for: permission)
        if let made = crop.made { return Delivery(made, crop.key) }
        return try await cut(crop, for: permission)
    }

    /// The portrait anew, instead of a file that turned out to be missing.
    func restore(portraitOf face: FaceID) async throws -> Delivery {
        try await cut(crop(of: face, for: .signedURL), for: .signedURL)
    }

    private func crop(of face: FaceID, for permission: Permission) async throws -> FaceCrop {
        let found = try await database.read { tx in try FaceCropStore.crop(of: face, for: permission, tx) }
        guard let found else { throw FaceProblem.notFound }
        return found
    }

    private func cut(_ crop: FaceCrop, for permission: Permission) async throws -> Delivery {
        do {
            try await inProgress.run(crop.key) {
                let made = try await cut(crop)
                let isKept = try await database.write { tx in try FaceCropStore.keep(made, of: crop.face, tx) }
                if !isKept { try await files.removeRendition(crop.key) }
            }
        } catch let problem as MediaProblem where problem.isAboutTheFile {
            throw FaceProblem.notFound
        }
        guard let made = try await self.crop(of: crop.face, for: permission).made else { throw FaceProblem.notFound }
        return Delivery(made, crop.key)
    }

    /// Decodes the upload as far as the portrait needs, and keeps the file; the caller keeps the row.
    private func cut(_ crop: FaceCrop) async throws -> FaceCrop.Made {
        guard let original = try await files.localOriginal(crop.version.checksum) else { throw FaceProblem.notFound }
        let scratch = try files.temporaryFolder()
        defer { scratch.remove() }
        let rendered = try await media.cut(
            crop.area, of: original.path, at: crop.spot.timestampMs, FaceCrop.recipe, into: scratch.path)
        let kept = try await files.keepRendition(at: rendered.path, as: crop.key)
        guard try await !removeIfGone(crop.version) else { throw FaceProblem.notFound }
        return FaceCrop.Made(
            mimeType: rendered.mimeType, sizeBytes: kept.size, checksum: kept.digest, createdAt: clock.now)
    }
}

extension Delivery {
    fileprivate init(_ made: FaceCrop.Made, _ key: RenditionKey) {
        self.init(
            file: .rendition(key), mimeType: made.mimeType, sizeBytes: made.sizeBytes, entityTag: made.checksum.hex,
            modifiedAt: made.createdAt, fileName: nil)
    }
}
