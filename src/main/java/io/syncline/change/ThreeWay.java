package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares two changes of one base, field by field. */
final class ThreeWay {
    private final Shape shape;
    private final List<String> disputed = new ArrayList<>();
    private final Object[] merged;

    ThreeWay(Shape shape, Document base, Document theirs, Document ours) {
        this.shape = shape;
        Object[] before = shape.values(base);
        Object[] there = shape.values(theirs);
        Object[] here = shape.values(ours);
        merged = here.clone();
        for (int i = 0; i < before.length; i++) {
            boolean theyMoved = !Objects.equals(before[i], there[i]);
            boolean weMoved = !Objects.equals(before[i], here[i]);
            if (theyMoved && weMoved && !Objects.equals(there[i], here[i])) {
                disputed.add(shape.fields().get(i).name());
            }
            if (theyMoved && !weMoved) {
                merged[i] = there[i];
            }
        }
    }

    /** The fields that both changed, to different values. */
    List<String> disputed() {
        return disputed;
    }

    /** Both changes together; only meaningful when nothing is disputed. */
    Document merged() {
        return shape.document(merged);
    }
}
