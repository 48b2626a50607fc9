package io.syncline.source;

import io.syncline.record.Observed;

import java.util.List;

/** Records of files that do not fit: their problems say on which line they stand. */
final class Rejected {
    private Rejected() {
    }

    static Observed with(String problem, String raw) {
        return Raw.kept(new Observed(null, null, null, null, false, List.of(problem), null), raw);
    }

    static Observed located(Observed observed, String where, String raw) {
        if (observed.isFit()) {
            return observed;
        }
        List<String> problems = observed.problems().stream().map(problem -> where + ": " + problem).toList();
        return Raw.kept(new Observed(observed.key(), observed.document(), observed.version(), observed.modifiedAt(), observed.deleted(),
                problems, null), raw);
    }
}
