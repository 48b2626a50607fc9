package io.syncline.config;

import io.syncline.change.Rules;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;

/**
 * One kind of record in a sync.
 *
 * @param resource the system's resource it is read from
 * @param readOnly edits in SQL are refused
 * @param brake    how many deletes one run may publish without asking (promise 7)
 */
public record EntityConfig(String name, String resource, Shape shape, SideMapping mapping, Rules rules, boolean readOnly, Brake brake) {

    /**
     * Deletes are held when they exceed either limit, and always when the source's answer was empty. Up to five rows never exceed the percent.
     *
     * @param percent of the entity's live rows
     */
    public record Brake(int rows, int percent) {
        public static final Brake DEFAULT = new Brake(500, 20);
    }
}
