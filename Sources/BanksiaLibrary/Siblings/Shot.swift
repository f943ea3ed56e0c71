import BanksiaCore
import BanksiaMedia

/// What ties an asset to others of the same moment, as its own file says it. What users say later does not count here.
struct Shot: Equatable, Sendable {
    /// Shared by the halves of a live photo.
    var contentID: String?
    /// Shared by the frames of a burst.
    var burstID: String?
    /// Make and model, in lower case.
    var camera: String?
    var taken: CaptureTime?
    var name: CameraFileName
    var isRaw: Bool

    /// Two frames that follow each other closer than this belong to one burst.
    static let burstPace: Int64 = 1_000_000

    init(
        contentID: String? = nil, burstID: String? = nil, camera: String?, taken: CaptureTime?, name: CameraFileName, isRaw: Bool
    ) {
        self.contentID = contentID
        self.burstID = burstID
        self.camera = camera
        self.taken = taken
        self.name = name
        self.isRaw = isRaw
    }

    /// Whether both belong into one stack: frames of a burst by its id; without one, consecutive numbers of one camera less than
    /// a second apart; or the two files that a camera wrote of one exposure. The same whichever is asked.
    func isStackable(with other: Shot) -> Bool {
        guard camera == other.camera else { return false }
        if let burstID, burstID == other.burstID { return true }
        return isSameExposure(as: other) || isNextFrame(of: other)
    }

    /// A RAW file and its JPEG or HEIC. Not every maker writes the fraction of the second into both.
    private func isSameExposure(as other: Shot) -> Bool {
        guard camera != nil, let taken, let time = other.taken, isRaw != other.isRaw, name == other.name else { return false }
        return taken.wallSecond == time.wallSecond
    }

    /// Needs fractions of seconds: with whole ones, what is a second apart may be two.
    private func isNextFrame(of other: Shot) -> Bool {
        guard camera != nil, burstID == nil, other.burstID == nil, let taken, let time = other.taken,
            taken.hasFraction || time.hasFraction, name.isNext(to: other.name)
        else { return false }
        return abs(taken.wallMicroseconds - time.wallMicroseconds) < Self.burstPace
    }

    /// How far a still and a film lie apart whose content ids are equal; `nil` when they are of two moments.
    ///
    /// The film begins a second or two before the still, and ends as much after it; either time may be the one that is noted.
    /// A film whose container knows UTC only and a still whose camera knows no zone differ by whole quarters of an hour
    /// (there is no other offset: IANA's database, since 1972). A time that nobody wrote contradicts nothing.
    func distance(toFilm film: Shot) -> Int64? {
        guard let contentID, contentID == film.contentID else { return nil }
        guard let taken, let time = film.taken else { return Self.liveReach }
        var apart = abs(taken.wallMicroseconds - time.wallMicroseconds)
        if let still = taken.instant, let film = time.instant {
            apart = abs(still.microseconds - film.microseconds)
        } else if taken.offsetSeconds != time.offsetSeconds, apart <= Self.widestZone + Self.liveReach {
            let rest = apart % Self.zoneStep
            apart = min(rest, Self.zoneStep - rest)
        }
        return apart <= Self.liveReach ? apart : nil
    }

    private static let liveReach: Int64 = 10_000_000
    private static let zoneStep: Int64 = 900_000_000
    /// UTC+14.
    private static let widestZone: Int64 = 14 * 3_600_000_000
}

/// The name of a file as cameras give them: a series, and a number that counts up.
struct CameraFileName: Equatable, Sendable {
    /// What comes before the number, in lower case, with the number of its digits: `img_#4`.
    let series: String
    /// 0 where there is none.
    let number: Int64

    init(series: String, number: Int64) {
        self.series = series
        self.number = number
    }

    /// Up to the first dot: what follows says what kind of file it is (`IMG_1.CR2.jpg`, `PXL_1.RAW-02.ORIGINAL.dng`).
    init(_ fileName: String) {
        let stem = fileName.prefix { $0 != "." }
        // Enough for a name that is made of a date and a time to the millisecond, and no more than 64 bits hold.
        let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }.prefix(18)
        series = "\(Shot.indexed(stem.dropLast(digits.count).lowercased()))#\(digits.count)"
        number = Int64(String(digits.reversed())) ?? 0
    }

    func isNext(to other: CameraFileName) -> Bool {
        series == other.series && !series.hasSuffix("#0") && abs(number - other.number) == 1
    }
}

extension CaptureTime {
    fileprivate var hasFraction: Bool { wallMicroseconds % 1_000_000 != 0 }

    /// The instant at which its second began.
    fileprivate var wallSecond: Int64 {
        let rest = wallMicroseconds % 1_000_000
        return wallMicroseconds - (rest < 0 ? rest + 1_000_000 : rest)
    }
}

extension Shot {
    /// - Parameter layers: what the asset's file said before users spoke over it; `nil` when nobody has.
    init(_ asset: Asset, _ metadata: AssetMetadata, _ layers: MetadataLayers?) {
        let camera = [metadata.make, metadata.model].compactMap { $0 }.joined(separator: " ").lowercased()
        self.init(
            contentID: Self.identifier(metadata.livePhotoContentID), burstID: Self.identifier(metadata.autoStackID),
            camera: camera.isEmpty ? nil : Self.indexed(camera),
            taken: layers.map(\.file.originalDateTime) ?? metadata.originalDateTime, name: CameraFileName(asset.originalFileName),
            isRaw: MediaFormat.isRaw(fileName: asset.originalFileName))
    }

    /// Cameras write UUIDs. What is much shorter, a zero for instance, or much longer ties nothing together.
    private static func identifier(_ text: String?) -> String? {
        text.flatMap { (8...1024).contains($0.utf8.count) ? $0.lowercased() : nil }
    }

    /// As much of a text as may stand in an index: two of them and some numbers are one row, which has 2,704 bytes at most on
    /// PostgreSQL (a third of a page, nbtree/README).
    fileprivate static func indexed(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(256)))
    }
}
