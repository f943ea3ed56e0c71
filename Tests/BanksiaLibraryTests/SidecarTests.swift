import BanksiaCore
import BanksiaFiles
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Sidecars") struct SidecarTests {
    let world: World
    let ana: Viewer

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
    }

    private var sidecars: Sidecars { world.library.sidecars }

    private static func xmp(_ properties: String) -> [UInt8] {
        Array(
            """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
              xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" \(properties)/>
            </rdf:RDF></x:xmpmeta>
            """.utf8)
    }

    private static let everything = xmp(
        """
        xmp:Rating="3" exif:DateTimeOriginal="2011-12-13T14:15:16" exif:GPSLatitude="48,12.49N" exif:GPSLongitude="16,22.43E"
        tiff:ImageDescription="by the sidecar" photoshop:City="Sidecar"
        """)

    private func stage(_ bytes: [UInt8]) async throws -> StagedFile {
        let staging = try await world.files.beginStaging()
        try await staging.append([bytes])
        return try await staging.finish()
    }

    @discardableResult
    private func put(_ bytes: [UInt8], beside asset: Asset, _ succession: Sidecars.Succession = .replacesOld) async throws
        -> Stored<Sidecar>
    {
        let new = try await sidecars.read(try await stage(bytes), named: "photo.xmp", field: "file")
        return try await sidecars.keep(new, beside: asset.id.description, succession, by: ana)
    }

    private func told(_ asset: Asset) async throws -> Asset {
        try await world.library.assets.get(asset.id.description, by: ana)
    }

    private func isKept(_ digest: ContentDigest) async throws -> Bool { try await world.files.originalSize(digest) != nil }

    @Test func `a sidecar counts over the file and below a user, and goes as it came`() async throws {
        let photo = try await world.photo(of: ana, taken: "2024-05-01T12:00:00+02:00")
        try await world.finishJobs()
        let before = try await told(photo)
        let stored = try await put(Self.everything, beside: photo)
        #expect(stored.isNew)
        try await world.finishJobs()

        let described = try await told(photo)
        #expect(described.localDateTime.description == "2011-12-13T14:15:16")
        #expect(described.metadata?.rating == 3)
        #expect(described.metadata?.description == "by the sidecar")
        #expect(described.metadata?.city == "Sidecar")
        #expect(described.metadata?.countryCode == "AT")
        let id = photo.id.description
        let spoken = try await world.library.assets.update(id, MetadataChange(rating: .set(5)), by: ana)
        #expect(spoken.metadata?.rating == 5)
        #expect(spoken.metadata?.description == "by the sidecar")
        try await put(Self.xmp(#"xmp:Rating="1""#), beside: photo)
        #expect(try await told(photo).metadata?.rating == 5)
        let back = try await world.library.assets.update(id, MetadataChange(rating: .clear), by: ana)
        #expect(back.metadata?.rating == 1)
        #expect(back.metadata?.description == nil)
        #expect(back.localDateTime == before.localDateTime)

        try await sidecars.delete(beside: id, by: ana)
        var (expected, found) = (try #require(before.metadata), try #require(try await told(photo).metadata))
        (expected.updatedAt, found.updatedAt) = (found.updatedAt, found.updatedAt)
        #expect(found == expected)
        await #expect(throws: SidecarProblem.notFound) { try await sidecars.get(beside: id, by: ana) }
        try await world.finishJobs()
        #expect(try await !isKept(stored.record.checksum))
        await world.close()
    }

    @Test func `bytes stay as long as one sidecar has them, and go with the asset`() async throws {
        let (one, other) = (try await world.photo(of: ana), try await world.photo(of: ana))
        let digest = try await put(Self.everything, beside: one).record.checksum
        try await put(Self.everything, beside: other)
        try await sidecars.delete(beside: one.id.description, by: ana)
        try await world.finishJobs()
        #expect(try await isKept(digest))
        #expect(try await world.library.originals.remove(digest) == false)
        try await world.library.assets.delete(other.id.description, by: ana)
        try await world.finishJobs()
        #expect(try await !isKept(digest))
        await world.close()
    }

    @Test func `the same sidecar again changes nothing, and an import leaves what is there`() async throws {
        let photo = try await world.photo(of: ana)
        try await put(Self.everything, beside: photo)
        let (events, before) = (try await world.events(of: ana).count, try await told(photo))
        #expect(try await put(Self.everything, beside: photo).isNew == false)
        #expect(try await put(Self.xmp(#"xmp:Rating="1""#), beside: photo, .leavesOld).isNew == false)
        let after = try await told(photo)
        #expect(after.metadata == before.metadata && after.updatedAt == before.updatedAt)
        #expect(try await world.events(of: ana).count == events)
        await world.close()
    }

    @Test func `reading everything anew keeps what the sidecar says`() async throws {
        let photo = try await world.photo(of: ana)
        try await put(Self.everything, beside: photo)
        try await world.finishJobs()
        let before = try await told(photo)
        // As an older version may have read it.
        try await world.database.write { tx in
            try SidecarStore.set(
                .init(rating: 2), read: try #require(try SidecarStore.sidecar(beside: photo.id, tx)).checksum, beside: photo.id,
                tx)
        }
        _ = try await world.library.rebuild.enqueue([Pipeline.metadata], .everything)
        try await world.finishJobs()
        var (expected, found) = (try #require(before.metadata), try #require(try await told(photo).metadata))
        (expected.updatedAt, found.updatedAt) = (found.updatedAt, found.updatedAt)
        #expect(found == expected)
        await world.close()
    }

    @Test(
        arguments: [
            [], Array("only words".utf8), Array("<html><body>a page</body></html>".utf8), TestPicture.png(seed: 9),
            xmp(">" + String(repeating: "<rdf:Description>", count: 100_000) + "<a"),
        ])
    func `what is no sidecar is refused`(bytes: [UInt8]) async throws {
        let staged = try await stage(bytes)
        await #expect(throws: SidecarProblem.self) { try await sidecars.read(staged, named: "photo.xmp", field: "file") }
        await world.files.discard(staged)
        await world.close()
    }

    @Test func `names of files and entities outside of a sidecar are never read`() async throws {
        let bytes = Array(
            """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:ImageDescription="x&c;&f;y"/>
            </rdf:RDF></x:xmpmeta>
            """.utf8)
        let photo = try await world.photo(of: ana)
        try await put(bytes, beside: photo)
        #expect(try await told(photo).metadata?.description == "x&c;&f;y")
        await world.close()
    }
}

@Suite("Layers of a sidecar") struct SidecarLayerTests {
    private func time(_ text: String) throws -> CaptureTime { try #require(CaptureTime(text)) }

    /// File, sidecar, user, and which time counts.
    private static let times: [(file: String?, sidecar: String?, user: String?, counts: String)] = [
        // Without an offset or a fraction a sidecar has the file's, if it means the same second.
        ("2020-01-01T10:00:00+02:00", "2020-01-01T10:00:00", nil, "2020-01-01T10:00:00+02:00"),
        ("2020-01-01T10:00:00.25", "2020-01-01T10:00:00+02:00", nil, "2020-01-01T10:00:00.250000+02:00"),
        ("2020-01-01T10:00:00+02:00", "2020-01-01T10:00:00-05:00", nil, "2020-01-01T10:00:00-05:00"),
        ("2020-01-01T10:00:00+02:00", "2019-01-01T10:00:00", nil, "2019-01-01T10:00:00"),
        (nil, "2011-01-01T00:00:00", "2001-01-01T00:00:00", "2001-01-01T00:00:00"),
        (nil, "2011-01-01T00:00:00", nil, "2011-01-01T00:00:00"),
        (nil, nil, nil, "2024-05-01T12:00:00"),
    ]

    @Test func `a user's time counts before a sidecar's, a sidecar's before a file's, a file's before a device's`() async throws {
        let world = try await World()
        let photo = try await world.photo(of: world.user("ana"), taken: "2024-05-01T12:00:00")
        for (file, sidecar, user, counts) in Self.times {
            var (asset, metadata) = (photo, try #require(photo.metadata))
            let taken = try file.map { try time($0) }
            var layers = MetadataLayers(file: .init(captured: taken ?? photo.localDateTime, originalDateTime: taken))
            layers.apply(MetadataLayers.SidecarFacts(originalDateTime: try sidecar.map { try time($0) }))
            layers.user.originalDateTime = try user.map { try time($0) }
            layers.show(in: &asset, &metadata)
            #expect(asset.localDateTime == (try time(counts)))
        }
        await world.close()
    }
}
