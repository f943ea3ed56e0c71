public import Foundation

/// The scripts of Tests/Reference: what others' Python makes of the same things.
public enum ReferenceScript {
    /// Numpy, onnx and onnxruntime are here.
    public static let models = python(".venv-models")
    /// The packages of the Python suites are here, sentencepiece among them.
    public static let suites = python(".venv-tests")

    private static func python(_ environment: String) -> String? {
        let path = Program.root.appending(path: "\(environment)/bin/python").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// What a script writes for an input.
    public static func run(_ python: String, _ name: String, _ arguments: [String], input: Data = Data()) throws -> Data {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banksia-script-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder does no harm
        let (request, answer) = (folder.appending(path: "request"), folder.appending(path: "answer"))
        try input.write(to: request)
        try Data().write(to: answer)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [Program.root.appending(path: "Tests/Reference/\(name)").path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: request)
        process.standardOutput = try FileHandle(forWritingTo: answer)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return try Data(contentsOf: answer)
    }
}
