import BanksiaCore
import BanksiaMedia
import Foundation
import Testing

@Suite("Metadata of files") struct MetadataTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    @Test func `what a camera writes is read`() async throws {
        let path = try studio.picture(.quarters(60, 40), "photo.jpg")
        try studio.run(
            "exiftool", "-q", "-overwrite_original", "-n", "-Make=Kamera AG", "-Model=K-1 ü", "-LensModel=35mm F2",
            "-ExposureTime=0.004",
            "-FNumber=2.8", "-ISO=400", "-FocalLength=35.5", "-ExposureCompensation=-0.667",
            "-DateTimeOriginal=2024:05:01 12:30:15",
            "-SubSecTimeOriginal=047", "-OffsetTimeOriginal=+02:00", "-CreateDate=2024:05:01 12:30:16",
            "-ModifyDate=2024:06:02 08:00:00",
            "-GPSLatitude=33.8688", "-GPSLatitudeRef=S", "-GPSLongitude=151.2093", "-GPSLongitudeRef=E", "-GPSAltitude=12.5",
            "-GPSAltitudeRef=1", "-XMP-xmp:Rating=4", "-ImageDescription=Möwen am Hafen", "-Orientation=6",
            "-XMP-photoshop:City=Sydney",
            "-XMP-photoshop:Country=Australia", "-XMP-iptcCore:Location=Circular Quay", "-IPTC:Province-State=NSW", path)
        let probe = try await Studio.workers.probe(path)
        #expect(probe.metadataProblem == nil)
        let read = probe.metadata
        #expect(read.make == "Kamera AG")
        #expect(read.model == "K-1 ü")
        #expect(read.lensModel == "35mm F2")
        #expect(read.exposureTime == 0.004)
        #expect(read.fNumber == 2.8)
        #expect(read.iso == 400)
        #expect(read.focalLength == 35.5)
        #expect(abs((read.exposureBias ?? 0) + 0.667) < 0.001)
        #expect(read.originalDateTime?.description == "2024-05-01T12:30:15.047000+02:00")
        #expect(read.digitizedDateTime?.description == "2024-05-01T12:30:16")
        #expect(read.modifiedDateTime?.description == "2024-06-02T08:00:00")
        #expect(abs((read.latitude ?? 0) + 33.8688) < 1e-6)
        #expect(abs((read.longitude ?? 0) - 151.2093) < 1e-6)
        #expect(read.altitude == -12.5)
        #expect(read.rating == 4)
        #expect(read.description == "Möwen am Hafen")
        #expect(read.orientation == 6)
        #expect([read.sublocation, read.city, read.state, read.country] == ["Circular Quay", "Sydney", "NSW", "Australia"])
    }

    @Test func `a file without metadata has none`() async throws {
        let probe = try await Studio.workers.probe(try studio.picture(.quarters(60, 40), "photo.png"))
        #expect(probe.metadata == EmbeddedMetadata())
        #expect(probe.metadataProblem == nil)
    }

    @Test func `a film has size, pace and length`() async throws {
        let path = studio.path("film.mov")
        try studio.run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=2", "-pix_fmt", "yuv420p", path)
        let upright = try await Studio.workers.probe(path)
        #expect(upright.format == .mov)
        #expect(upright.format.mediaClass == .video)
        #expect(upright.displaySize == PixelSize(width: 320, height: 180))
        #expect(upright.metadata.fps == 25)
        #expect(upright.metadata.duration == 2)
        let turned = studio.path("turned.mov")
        try studio.run("exiftool", "-q", "-o", turned, "-Rotation=90", path)
        let probe = try await Studio.workers.probe(turned)
        #expect(probe.encodedSize == PixelSize(width: 320, height: 180))
        #expect(probe.displaySize == PixelSize(width: 180, height: 320))
    }

    @Test func `a name that is an option or has a blank is a name`() async throws {
        for name in ["-ver", "a b.jpg", "#comment.jpg", "ünï@x%20.jpg", "'; rm -rf x; '.jpg", "$(touch pwned).jpg"] {
            let path = try studio.picture(.quarters(30, 20), "plain.jpg")
            try studio.run("exiftool", "-q", "-overwrite_original", "-Make=Maker", path)
            try FileManager.default.moveItem(atPath: path, toPath: studio.path(name))
            #expect(try await Studio.workers.probe(studio.path(name)).metadata.make == "Maker", "\(name)")
        }
    }

    @Test func `a name with a line break gets no metadata and does no harm`() async throws {
        let path = try studio.picture(.quarters(30, 20), "plain.jpg")
        let broken = studio.path("a\n-Make=changed\n-execute.jpg")
        try FileManager.default.moveItem(atPath: path, toPath: broken)
        let probe = try await Studio.workers.probe(broken)
        #expect(probe.metadataProblem != nil)
        #expect(probe.displaySize == PixelSize(width: 30, height: 20))
    }

    @Test func `many files one after another each get their own`() async throws {
        let paths = try (0..<12).map { number in
            let path = try studio.picture(.quarters(30, 20), "photo-\(number).jpg")
            try studio.run("exiftool", "-q", "-overwrite_original", "-Model=model \(number)", path)
            return path
        }
        for (number, path) in paths.enumerated() {
            #expect(try await Studio.workers.probe(path).metadata.model == "model \(number)")
        }
    }
}
