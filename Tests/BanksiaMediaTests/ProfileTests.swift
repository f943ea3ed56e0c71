import Testing

@testable import BanksiaMedia

@Suite("Colour profiles") struct ProfileTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private func profile(_ name: String) throws -> [UInt8] {
        let source = try studio.picture(.quarters(30, 20), "source.png")
        try studio.run("vips", "icc_transform", source, studio.path("tagged.jpg"), name, "--input-profile", "srgb")
        try studio.run("vips", "copy", studio.path("tagged.jpg"), studio.path("again.jpg"))
        try studio.run("sh", "-c", "exiftool -b -icc_profile '\(studio.path("tagged.jpg"))' > '\(studio.path("profile.icc"))'")
        return try studio.read(studio.path("profile.icc"))
    }

    @Test func `sRGB is known by its name`() throws {
        #expect(ICCProfile.isSRGB(try profile("srgb")))
        #expect(!ICCProfile.isSRGB(try profile("p3")))
    }

    @Test func `a profile is wide by its primaries, whatever it is called`() throws {
        #expect(ICCProfile.isWide(try profile("p3")))
        #expect(!ICCProfile.isWide(try profile("srgb")))
        #expect(!ICCProfile.isWide([]))
    }

    @Test func `a damaged profile is not sRGB, and reading it ends`() throws {
        let good = try profile("srgb")
        for count in stride(from: 0, to: good.count, by: 7) {
            _ = ICCProfile.isSRGB(Array(good.prefix(count)))
            _ = ICCProfile.isWide(Array(good.prefix(count)))
        }
        var random = Seeded(seed: 7)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<min(bytes.count, 400), using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = ICCProfile.isSRGB(bytes)
            _ = ICCProfile.isWide(bytes)
        }
        #expect(!ICCProfile.isSRGB([]))
    }
}
