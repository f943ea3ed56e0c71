/// Turns, scales and moves a face so that eyes, nose and mouth lie where the embedding model expects them.
struct FaceAlignment {
    /// From places in the model's picture to places in the picture that the face is in.
    let view: RawPicture.View
    /// How far the face looks aside: the nose's distance from the middle of the eyes, in distances between the eyes.
    let turn: Double

    /// Where the five points of a face lie in a picture of 112 by 112 pixels; the template that ArcFace's authors published and
    /// SFace was trained with.
    private static let template = [
        FaceDetector.Point(x: 38.2946, y: 51.6963), .init(x: 73.5318, y: 51.5014), .init(x: 56.0252, y: 71.7366),
        .init(x: 41.5493, y: 92.3655), .init(x: 70.7299, y: 92.2041),
    ]
    static let side = 112

    /// The similarity that brings five landmarks closest to the template, by least squares (Umeyama 1991, in two dimensions
    /// where it has this closed form).
    ///
    /// - Returns: `nil` when the landmarks fall together.
    init?(_ landmarks: [FaceDetector.Point]) {
        guard landmarks.count == Self.template.count else { return nil }
        let from = Self.middle(landmarks), to = Self.middle(Self.template)
        var (spread, cosine, sine) = (0.0, 0.0, 0.0)
        for (point, wanted) in zip(landmarks, Self.template) {
            let (x, y, u, v) = (point.x - from.x, point.y - from.y, wanted.x - to.x, wanted.y - to.y)
            spread += x * x + y * y
            cosine += x * u + y * v
            sine += x * v - y * u
        }
        let length = cosine * cosine + sine * sine
        guard spread.isFinite, spread > 1e-6, length > 1e-9 else { return nil }
        // Its inverse: the picture is read from where a pixel of the model's picture lies in it.
        let (a, b) = (cosine * spread / length, -sine * spread / length)
        view = RawPicture.View(a: a, b: b, x: from.x - (a * to.x - b * to.y), y: from.y - (b * to.x + a * to.y))
        let eyes = (x: landmarks[1].x - landmarks[0].x, y: landmarks[1].y - landmarks[0].y)
        let between = eyes.x * eyes.x + eyes.y * eyes.y
        let nose = (
            x: landmarks[2].x - (landmarks[0].x + landmarks[1].x) / 2, y: landmarks[2].y - (landmarks[0].y + landmarks[1].y) / 2
        )
        turn = between > 1e-6 ? abs(nose.x * eyes.x + nose.y * eyes.y) / between : 1
    }

    private static func middle(_ points: [FaceDetector.Point]) -> FaceDetector.Point {
        let sum = points.reduce(into: (x: 0.0, y: 0.0)) { $0 = ($0.x + $1.x, $0.y + $1.y) }
        return .init(x: sum.x / Double(points.count), y: sum.y / Double(points.count))
    }
}
