import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import BanksiaVision
import Foundation

@testable import BanksiaLibrary

extension World {
    /// Makes an installation with at least one row in every table.
    ///
    /// - Returns: one of its photos.
    func furnish() async throws -> Asset {
        let ana = try await user("ana"), ben = try await user("ben")
        let home = try await libraryID(of: ana)
        let photos = [
            try await photo(of: ana, named: "küste 🌊.png"), try await photo(of: ana, taken: "1969-05-01T12:00:00"),
            try await photo(of: ana, taken: "2024-05-02T12:00:00+02:00"),
        ]
        try await finishJobs()
        try await arrange(photos, of: ana, in: home)
        try await showPeople(in: photos, of: ana, home)
        try await admit(ben, to: home, of: ana)
        try await letSignIn(ana)
        try await addWhatComesAndGoes(ana, photos[0], in: home)
        return photos[0]
    }

    /// Albums, stacks, a rendering, what a user says of a photo, and one in the trash.
    private func arrange(_ photos: [Asset], of ana: Viewer, in home: LibraryID) async throws {
        let ids = photos.map { "\($0.id)" }
        let album = try await library.albums.create("Coast", description: "…", in: home, .alwaysNew, by: ana).record
        _ = try await library.albums.add(ids, to: "\(album.id)", by: ana)
        let stack = try await library.stacks.create(of: ids, primary: ids[0], in: home, by: ana)
        try await library.stacks.remove([ids[2]], from: "\(stack.id)", by: ana)
        _ = try await library.assets.update(ids[1], MetadataChange(rating: .set(4)), by: ana)
        let edited = try await upload(TestPicture.png(width: 20, height: 30, seed: 999), named: "edited").staged
        let version = NewVersion(staged: edited, kind: try NewVersion.Kind("edit"), params: "{}", declaredType: nil)
        _ = try await library.versions.append(version, to: ids[2], by: ana)
        try await library.assets.trash([ids[2]], in: home, by: ana)
        let corners = [0.1, 0.2, 0.3, 0.4].map { PictureText.Corner(x: $0, y: 0.5) }
        let text = PictureText(lines: [.init(text: "Küste 🌊", score: 0.875, corners: corners)])
        try await database.write { tx in try PictureTextStore.keep(text, of: photos[0].id, tx) }
    }

    /// A person with a portrait, one without a name, and a face that is somebody else's.
    private func showPeople(in photos: [Asset], of ana: Viewer, _ home: LibraryID) async throws {
        let anna = try await library.people.create(NewPerson(name: "Anna"), in: home, by: ana).record
        let nobody = try await library.people.create(NewPerson(isHidden: true), in: home, by: ana).record
        let box = FaceBox(x: 1, y: 2, width: 10, height: 10)
        let face = try await library.faces.draw(box, on: "\(photos[0].id)", of: "\(anna.id)", in: home, by: ana)
        let other = try await library.faces.draw(box, on: "\(photos[1].id)", of: "\(anna.id)", in: home, by: ana)
        _ = try await library.faces.assign("\(other.id)", to: "\(nobody.id)", by: ana)
        _ = try await library.renditions.open(portraitOf: "\(face.id)", for: .viewer(ana))
        try await database.write { [now = clock.now] tx in
            try FaceSearchStore.keep([0.6, -0.8], strength: 12, of: face.id, space: "test", tx)
            try FaceSearchStore.refuse(other, at: now, tx)
            try tx.execute("INSERT INTO face_knot (library_id, space, knot, size) VALUES (\(home), 'test', \(face.id), 1)")
            var vectors = VectorTable(dimension: 2)
            vectors.append([0.6, -0.8])
            try GroupingStore.keep([(anna.id, KeptLikeness(of: [0], vectors))], in: home, space: "test", tx)
        }
        try await library.people.tellApart("\(anna.id)", from: "\(nobody.id)", by: ana)
        _ = try await library.people.update("\(anna.id)", PersonChange(isFavorite: true), by: ana)
    }

    private func admit(_ ben: Viewer, to home: LibraryID, of ana: Viewer) async throws {
        try await share(home, of: ana, with: ben, as: .collaborator)
        let grant = APIKey.Grant(name: try Name("Phone"), actions: [.read], libraries: ["\(home)"])
        _ = try await library.keys.create(grant, by: ana)
        try await library.feedback.submit(.init(kind: .suggestion, message: "More 🌊", toolNames: ["upload"]), by: ben)
    }

    private func letSignIn(_ ana: Viewer) async throws {
        let link = try await library.signIn.makeSetupLink(for: ana.user)
        _ = try await library.signIn.setPassword("a long enough password", byLink: link)
        _ = try await library.signIn.makeSetupLink(for: ana.user)
        _ = try await library.signIn.prepareCode(by: ana)
        do {
            _ = try await library.signIn.signIn(email: "ana@example.com", password: "x", from: "203.0.113.1")
        } catch SignInProblem.wrongCredentials {}  // and so there is an attempt
    }

    /// Rows that stand for something under way, which no single call leaves behind.
    private func addWhatComesAndGoes(_ ana: Viewer, _ photo: Asset, in home: LibraryID) async throws {
        let (now, hash) = (clock.now, [UInt8](repeating: 7, count: 32))
        let staging = try await files.beginStaging()
        try await staging.append([Array(#"<x:xmpmeta xmlns:x="adobe:ns:meta/"/>"#.utf8)])
        let sidecar = try await library.sidecars.read(try await staging.finish(), named: "photo.xmp", field: "file")
        try await library.sidecars.keep(sidecar, beside: "\(photo.id)", by: ana)
        try await database.write { tx in
            try EmbeddingStore.keep([0.5, -0.25, 1e-7], of: photo.id, space: "test", at: now, tx)
            try tx.execute(
                """
                INSERT INTO perceptual_hash (asset_id, library_id, hash) VALUES (\(photo.id), \(photo.libraryID), -7)
                ON CONFLICT (asset_id) DO UPDATE SET hash = excluded.hash
                """)
            try tx.execute(
                "INSERT INTO near_duplicate (asset_id, other_id, cosine, distance) VALUES (\(photo.id), \(photo.id), 0.99, 3)")
            try FilmStore.keep(EmbeddedFilm(start: 10, length: 20, mimeType: "video/mp4"), of: photo.id, tx)
            try tx.execute("INSERT INTO model_choice (purpose, active) VALUES ('images', 'test')")
            try tx.execute("INSERT INTO request_count (key, minute, used) VALUES ('key', 1, 2)")
            try tx.execute(
                "INSERT INTO original_removal (checksum, count, is_under_way, changed_at) VALUES (\(hash), 1, FALSE, \(now))")
            try tx.execute("INSERT INTO server_key (purpose, bytes, created_at) VALUES ('test', \(hash), \(now))")
            try tx.execute(
                "INSERT INTO identity (issuer, subject, user_id, created_at) VALUES ('https://id', 'ana', \(ana.user), \(now))")
            try tx.execute(
                """
                INSERT INTO oauth_state (hash, nonce, redirect_uri, verifier, expires_at)
                VALUES (\(hash), 'nonce', 'https://app/login', NULL, \(now))
                """)
            try tx.execute(
                """
                INSERT INTO openid_client (id, name, secret_hash, redirect_uris, created_at)
                VALUES ('client', 'App', \(hash), '[]', \(now))
                """)
            try tx.execute(
                """
                INSERT INTO openid_code (hash, client_id, user_id, redirect_uri, signed_in_at, expires_at)
                VALUES (\(hash), 'client', \(ana.user), 'https://app/login', \(now), \(now))
                """)
        }
    }
}
