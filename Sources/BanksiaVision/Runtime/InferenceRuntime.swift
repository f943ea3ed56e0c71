import COnnxRuntime

/// The ONNX Runtime, loaded into this process.
@safe final class InferenceRuntime {
    private let handle: OpaquePointer

    /// Loads the library.
    ///
    /// - Throws: `VisionProblem.runtimeUnusable`.
    init(library: String) throws(VisionProblem) {
        var handle: OpaquePointer?
        var reason = Reason()
        guard unsafe banksia_runtime_open(library, &handle, &reason.bytes, reason.bytes.count), let handle = unsafe handle else {
            throw .runtimeUnusable(reason.text)
        }
        unsafe self.handle = handle
    }

    deinit { unsafe banksia_runtime_close(handle) }

    /// The release, for example `1.31.1`.
    var version: String { unsafe String(cString: banksia_runtime_version(handle)) }

    /// Reads a model file.
    ///
    /// - Parameter threads: how many threads one run may use; children that work beside each other use one each.
    func model(at path: String, threads: Int32 = 1) throws(VisionProblem) -> InferenceModel {
        var model: OpaquePointer?
        var reason = Reason()
        guard unsafe banksia_model_open(handle, path, threads, &model, &reason.bytes, reason.bytes.count),
            let model = unsafe model
        else {
            throw .modelUnusable(reason.text)
        }
        return unsafe InferenceModel(taking: model, of: self)
    }
}

/// One model, ready to run.
@safe final class InferenceModel {
    private let handle: OpaquePointer
    /// Must outlive the model.
    private let runtime: InferenceRuntime

    @unsafe fileprivate init(taking handle: OpaquePointer, of runtime: InferenceRuntime) {
        unsafe self.handle = handle
        self.runtime = runtime
    }

    deinit { unsafe banksia_model_close(handle) }

    /// What the model takes, and what it gives, in its own order.
    ///
    /// - Throws: `VisionProblem.modelUnusable` when one is no tensor, or there are more than 16.
    func ports() throws(VisionProblem) -> (inputs: [Port], outputs: [Port]) {
        (try ports(inputs: true), try ports(inputs: false))
    }

    private func ports(inputs: Bool) throws(VisionProblem) -> [Port] {
        var ports = [banksia_port](repeating: banksia_port(), count: BANKSIA_TENSORS_MAX)
        var count = 0
        var reason = Reason()
        guard unsafe banksia_model_ports(handle, inputs, &ports, &count, &reason.bytes, reason.bytes.count) else {
            throw .modelUnusable(reason.text)
        }
        return ports.prefix(count).map { Port($0) }
    }

    /// Runs the model and gives its outputs of these names, flat.
    ///
    /// - Throws: `VisionProblem.modelUnusable` when names, shapes or types are not the model's.
    func run(_ inputs: [Tensor], outputs names: [String]) throws(VisionProblem) -> [[Float]] {
        var outputs = unsafe [banksia_output](repeating: banksia_output(), count: names.count)
        var reason = Reason()
        let ran = unsafe Self.withInputs(inputs[...], []) { given in
            unsafe withCStrings(names[...], []) { names in
                unsafe banksia_model_run(
                    handle, given, given.count, names, &outputs, names.count, &reason.bytes, reason.bytes.count)
            }
        }
        guard ran else { throw .modelUnusable(reason.text) }
        defer { unsafe banksia_outputs_release(handle, &outputs, outputs.count) }
        return unsafe outputs.map { unsafe Array(UnsafeBufferPointer(start: $0.values, count: $0.count)) }
    }

    /// Holds the memory of all tensors while `body` runs: one level of nesting for each.
    @unsafe private static func withInputs<Result>(
        _ rest: ArraySlice<Tensor>, _ done: [banksia_input], _ body: ([banksia_input]) -> Result
    ) -> Result {
        guard let tensor = rest.first else { return unsafe body(done) }
        return unsafe tensor.name.withCString { name in
            unsafe tensor.shape.withUnsafeBufferPointer { shape in
                unsafe tensor.withBytes { element, bytes in
                    let input = unsafe banksia_input(
                        name: name, element: element, shape: shape.baseAddress, rank: shape.count, values: bytes.baseAddress,
                        bytes: bytes.count)
                    return unsafe withInputs(rest.dropFirst(), done + [input], body)
                }
            }
        }
    }
}

/// An input or an output of a model.
struct Port: Equatable {
    enum Element: Equatable {
        case floats, bytes, integers, shortIntegers, other
    }

    var name: String
    var element: Element
    /// A size that the model leaves open is negative.
    var shape: [Int64]

    fileprivate init(_ port: banksia_port) {
        name = unsafe withUnsafeBytes(of: port.name) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        shape = unsafe withUnsafeBytes(of: port.shape) { unsafe Array($0.bindMemory(to: Int64.self).prefix(port.rank)) }
        element =
            switch UInt32(bitPattern: port.element) {
            case BANKSIA_FLOAT32.rawValue: .floats
            case BANKSIA_UINT8.rawValue: .bytes
            case BANKSIA_INT64.rawValue: .integers
            case BANKSIA_INT32.rawValue: .shortIntegers
            default: .other
            }
    }
}

/// A tensor to give to a model.
struct Tensor {
    enum Values {
        case floats([Float])
        case bytes([UInt8])
        case integers([Int64])
        case shortIntegers([Int32])
    }

    var name: String
    var shape: [Int64]
    var values: Values

    @unsafe fileprivate func withBytes<Result>(_ body: (banksia_element, UnsafeRawBufferPointer) -> Result) -> Result {
        switch values {
        case .floats(let values): unsafe values.withUnsafeBytes { unsafe body(BANKSIA_FLOAT32, $0) }
        case .bytes(let values): unsafe values.withUnsafeBytes { unsafe body(BANKSIA_UINT8, $0) }
        case .integers(let values): unsafe values.withUnsafeBytes { unsafe body(BANKSIA_INT64, $0) }
        case .shortIntegers(let values): unsafe values.withUnsafeBytes { unsafe body(BANKSIA_INT32, $0) }
        }
    }
}

/// Room for the sentence in which a C function says what went wrong.
private struct Reason {
    var bytes = [CChar](repeating: 0, count: 512)
    var text: String { String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
}

@unsafe private func withCStrings<Result>(
    _ rest: ArraySlice<String>, _ done: [UnsafePointer<CChar>?], _ body: ([UnsafePointer<CChar>?]) -> Result
) -> Result {
    guard let first = rest.first else { return unsafe body(done) }
    return unsafe first.withCString { unsafe withCStrings(rest.dropFirst(), done + [$0], body) }
}
