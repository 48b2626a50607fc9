package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.store.Absences;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A batch of rows that a whole read did not see. */
public record AbsentRows(List<Absences.Absent> rows) {
    public List<String> keys() {
        return rows.stream().map(Absences.Absent::key).toList();
    }

    public Map<String, Stored> stored() {
        return rows.stream().collect(Collectors.toMap(Absences.Absent::key, Absences.Absent::stored));
    }
}
