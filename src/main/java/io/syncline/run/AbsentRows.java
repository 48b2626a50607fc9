package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.store.AbsentRow;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A batch of rows that a whole read did not see. */
public record AbsentRows(List<AbsentRow> rows) {
    public List<String> keys() {
        return rows.stream().map(AbsentRow::key).toList();
    }

    public Map<String, Stored> stored() {
        return rows.stream().collect(Collectors.toMap(AbsentRow::key, AbsentRow::stored));
    }
}
