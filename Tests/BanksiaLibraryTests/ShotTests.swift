import BanksiaCore
import Testing

@testable import BanksiaLibrary

@Suite("Shots") struct ShotTests {
    private func shot(_ name: String, _ time: String, camera: String? = "canon r5", burst: String? = nil, isRaw: Bool = false)
        -> Shot
    {
        Shot(burstID: burst, camera: camera, taken: CaptureTime(time), name: CameraFileName(name), isRaw: isRaw)
    }

    @Test(
        arguments: [
            ("IMG_0042.JPG", "img_#4", 42), ("img_0042.CR2.jpg", "img_#4", 42),
            ("PXL_20230402_081112345.RAW-02.ORIGINAL.dng", "pxl_20230402_#9", 81_112_345),
            ("beach.jpg", "beach#0", 0), ("7", "#1", 7), ("", "#0", 0),
            (String(repeating: "9", count: 30), String(repeating: "9", count: 12) + "#18", 999_999_999_999_999_999),
        ] as [(String, String, Int64)]) func `a camera's file name is a series and a number`(
            name: String, series: String, number: Int64
        )
    {
        #expect(CameraFileName(name) == CameraFileName(series: series, number: number))
    }

    @Test func `frames of one burst id belong together, of whatever name and time`() {
        let first = shot("a.jpg", "2024-05-01T12:00:00", burst: "7d1c2b3a-0f9e"),
            second = shot("b.jpg", "2024-05-01T12:00:03", burst: "7d1c2b3a-0f9e")
        #expect(first.isStackable(with: second) && second.isStackable(with: first))
        #expect(!first.isStackable(with: shot("b.jpg", "2024-05-01T12:00:03", camera: "other", burst: "7d1c2b3a-0f9e")))
        #expect(!first.isStackable(with: shot("b.jpg", "2024-05-01T12:00:03", burst: "00000000-0f9e")))
    }

    @Test func `without an id, consecutive numbers less than a second apart do`() {
        let first = shot("IMG_0009.JPG", "2024-05-01T12:00:00.100")
        func follows(_ name: String, _ time: String, camera: String? = "canon r5", burst: String? = nil) -> Bool {
            let other = shot(name, time, camera: camera, burst: burst)
            #expect(first.isStackable(with: other) == other.isStackable(with: first))
            return first.isStackable(with: other)
        }
        #expect(follows("IMG_0010.JPG", "2024-05-01T12:00:01.099"))
        #expect(follows("IMG_0008.JPG", "2024-05-01T11:59:59.900"))
        #expect(!follows("IMG_0010.JPG", "2024-05-01T12:00:01.100"), "a second apart")
        #expect(!follows("IMG_0011.JPG", "2024-05-01T12:00:00.400"), "not the next number")
        #expect(!follows("NEG_0010.JPG", "2024-05-01T12:00:00.400"), "another series")
        #expect(!follows("IMG_0010.JPG", "2024-05-01T12:00:00.400", camera: "canon r6"))
        #expect(!follows("IMG_0010.JPG", "2024-05-01T12:00:00.400", burst: "7d1c2b3a-0f9e"), "that one says what it belongs to")
        #expect(!shot("a1.jpg", "2024-05-01T12:00:00").isStackable(with: shot("a2.jpg", "2024-05-01T12:00:00")), "no fractions")
        #expect(
            !shot("a1.jpg", "2024-05-01T12:00:00.1", camera: nil).isStackable(
                with: shot("a2.jpg", "2024-05-01T12:00:00.2", camera: nil)))
    }

    @Test func `a RAW file belongs to the picture of the same name and second`() {
        let raw = shot("IMG_0042.CR2", "2024-05-01T12:00:00.250", isRaw: true)
        #expect(raw.isStackable(with: shot("IMG_0042.JPG", "2024-05-01T12:00:00")))
        #expect(shot("IMG_0042.JPG", "2024-05-01T12:00:00").isStackable(with: raw))
        #expect(!raw.isStackable(with: shot("IMG_0042.JPG", "2024-05-01T12:00:01")))
        #expect(!raw.isStackable(with: shot("IMG_0043.JPG", "2024-05-01T12:00:03")))
        #expect(!raw.isStackable(with: shot("IMG_0042.CR2", "2024-05-01T12:00:00.250", isRaw: true)))
        #expect(!raw.isStackable(with: shot("IMG_0042.JPG", "2024-05-01T12:00:00", camera: "sony a7")))
    }

    @Test(
        arguments: [
            ("2023-10-25T20:32:27.935+09:00", "2023-10-25T20:32:27+09:00", 935_000),
            ("2023-10-25T20:32:27+09:00", "2023-10-25T11:32:26Z", 1_000_000),
            ("2023-10-25T20:32:27", "2023-10-25T11:32:26Z", 1_000_000),
            ("2023-10-25T20:32:27", "2023-10-25T11:31:26Z", nil),
            ("2023-10-25T20:32:27+09:00", "2023-10-25T20:32:27Z", nil),
            ("2023-10-25T20:32:27", "2023-10-26T20:32:27Z", nil),
            ("2023-10-25T20:32:27+09:00", nil, 10_000_000),
        ] as [(String, String?, Int64?)]) func `a live film is of the moment of its still`(
            still: String, film: String?, distance: Int64?
        )
    {
        var one = shot("IMG_1.HEIC", still), two = shot("other.MOV", film ?? "")
        #expect(one.distance(toFilm: two) == nil, "without a content id nothing is paired")
        (one.contentID, two.contentID) = ("FCF200B0-D364", "FCF200B0-D364")
        #expect(one.distance(toFilm: two) == distance)
        two.contentID = "9B539AB8-A668"
        #expect(one.distance(toFilm: two) == nil)
    }
}
