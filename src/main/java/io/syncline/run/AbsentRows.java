package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.store.Absences;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A batch of rows that a whole read did not see.
 *
 * @param held     their deletes wait for a person in any case, so there is no need to ask for each of them now
 * @param approved rows whose delete a person has approved: each is asked for, also where pages do not drift
 */
public record AbsentRows(List<Absences.Absent> rows, boolean held, Set<Long> approved) {
    AbsentRows(List<Absences.Absent> rows, boolean held) {
        this(rows, held, Set.of());
    }

    /** The keys to ask the source for where its pages drift. */
    public List<String> keys() {
        return rows.stream().filter(row -> !held && !isApproved(row)).map(Absences.Absent::key).toList();
    }

    /** The keys to ask the source for anyway, if it can be asked at all. */
    public List<String> anyway() {
        return rows.stream().filter(this::isApproved).map(Absences.Absent::key).toList();
    }

    public Map<String, Stored> stored() {
        return rows.stream().collect(Collectors.toMap(Absences.Absent::key, Absences.Absent::stored));
    }

    boolean isApproved(Absences.Absent row) {
        return approved.contains(row.stored().rowId());
    }
}
