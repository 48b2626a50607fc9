package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.store.Absences;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A batch of rows that a whole read did not see.
 *
 * @param held their deletes wait for a person in any case, so there is no need to ask for each of them now
 */
public record AbsentRows(List<Absences.Absent> rows, boolean held) {
    /** The keys to ask the source for. */
    public List<String> keys() {
        return held ? List.of() : rows.stream().map(Absences.Absent::key).toList();
    }

    public Map<String, Stored> stored() {
        return rows.stream().collect(Collectors.toMap(Absences.Absent::key, Absences.Absent::stored));
    }
}
