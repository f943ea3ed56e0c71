import BanksiaAPI
import BanksiaCore
import BanksiaLibrary

extension MediaLinks {
    /// The crop of a face. Its bytes follow from the face alone, so the face is also what its tag names.
    func crop(of face: FaceID) -> VariantMap {
        let rung = Variant.thumbnail
        let path = "/api/faces/\(face)/variants/\(rung.rawValue)"
        let url = signer.signed(origin: origin, path: path, query: "v=" + ShortUUID.encode(face.uuid))
        return VariantMap([(rung.rawValue, VariantResponse(mimetype: rung.mimeType ?? "image/jpeg", url: url, width: nil))])
    }
}
