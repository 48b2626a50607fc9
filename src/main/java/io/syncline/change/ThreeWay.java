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
    private final Object[] mergedForThem;
    private final Object[] mergedForUs;

    ThreeWay(Shape shape, Document base, Document theirs, Document ours) {
        this.shape = shape;
        Object[] before = shape.values(base);
        Object[] there = shape.values(theirs);
        Object[] here = shape.values(ours);
        mergedForThem = here.clone();
        mergedForUs = here.clone();
        for (int i = 0; i < before.length; i++) {
            boolean theyMoved = !Objects.equals(before[i], there[i]);
            boolean weMoved = !Objects.equals(before[i], here[i]);
            if (theyMoved && weMoved && !Objects.equals(there[i], here[i])) {
                disputed.add(shape.fields().get(i).name());
            }
            if (theyMoved) {
                mergedForThem[i] = there[i];
            }
            if (theyMoved && !weMoved) {
                mergedForUs[i] = there[i];
            }
        }
    }

    /** The fields that both changed, to different values. */
    List<String> disputed() {
        return disputed;
    }

    /** Both changes together; what is disputed goes to the winner. */
    Document merged(boolean theyWin) {
        return shape.document(theyWin ? mergedForThem : mergedForUs);
    }
}
