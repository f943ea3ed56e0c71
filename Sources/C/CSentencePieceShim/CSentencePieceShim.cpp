#include "CSentencePieceShim.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

struct banksia_pieces {
    sentencepiece::SentencePieceProcessor processor;
};

banksia_pieces *banksia_pieces_open(const void *bytes, size_t length, char *reason, size_t room) {
    try {
        auto *pieces = new banksia_pieces;
        const auto status = pieces->processor.LoadFromSerializedProto(std::string(static_cast<const char *>(bytes), length));
        if (status.ok()) return pieces;
        snprintf(reason, room, "%s", status.ToString().c_str());
        delete pieces;
    } catch (const std::exception &problem) {
        snprintf(reason, room, "%s", problem.what());
    }
    return nullptr;
}

void banksia_pieces_close(banksia_pieces *pieces) { delete pieces; }

long banksia_pieces_encode(const banksia_pieces *pieces, const char *text, size_t length, int32_t *ids, size_t most) {
    try {
        std::vector<int> found;
        if (!pieces->processor.Encode(std::string(text, length), &found).ok()) return -1;
        const size_t count = std::min(found.size(), most);
        std::copy_n(found.begin(), count, ids);
        return static_cast<long>(count);
    } catch (const std::exception &) {
        return -1;
    }
}
