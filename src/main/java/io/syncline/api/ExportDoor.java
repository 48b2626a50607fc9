package io.syncline.api;

import io.syncline.activity.Activity;
import io.syncline.export.Columns;
import io.syncline.export.Digits;
import io.syncline.export.Format;
import io.syncline.export.RecordWriter;
import io.syncline.inspect.Export;
import io.syncline.inspect.ExportedRecord;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Then;
import io.syncline.record.Document;
import io.syncline.record.FieldType;
import io.syncline.record.Shape;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The door through which an entity leaves as a file, as it was. Who took it is kept before the first byte goes out. */
final class ExportDoor {
    private static final int LOOK_AGAIN = 5000;
    private static final Map<String, Format> FORMATS = Arrays.stream(Format.values()).collect(Collectors.toMap(Format::extension, each -> each));

    private final Places places;
    private final Snapshots snapshots;
    private final Export export;
    private final Activity activity;
    private final Semaphore seats;

    /** @param atOnce how many are written at a time; each takes a connection to the database for as long as its client takes to read it */
    ExportDoor(Places places, Snapshots snapshots, Export export, Activity activity, int atOnce) {
        this.places = places;
        this.snapshots = snapshots;
        this.export = export;
        this.activity = activity;
        this.seats = new Semaphore(atOnce);
    }

    public Answer export(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        Parameters asked = new Parameters(call);
        String word = asked.oneOf("format", FORMATS.keySet().stream().sorted().toList());
        Then said = ThenParameters.read(place, call, asked, snapshots);
        asked.refuseMistakes();
        Format format = FORMATS.get(word == null ? Format.JSON_LINES.extension() : word);
        Then then = said == null ? new Then(null, snapshots.now()) : said;
        String when = then.snapshot() != null ? "snapshot-" + call.parameter("snapshot") : then.instant().toString();
        if (!seats.tryAcquire()) {
            throw new Refused(HttpStatus.SERVICE_UNAVAILABLE, "too-many-exports",
                    "As many exports are being written just now as this process allows. Ask again when one of them has ended.");
        }
        boolean noted = false;
        try {
            // Whatever becomes of the answer, it is known who asked for it.
            activity.note(place.organisation(), call.caller().name(), "records-exported", place.sync().name(), place.entity().name(), null, null,
                    format.extension() + ", " + when);
            noted = true;
        } finally {
            if (!noted) {
                seats.release();
            }
        }
        return Answer.streaming(format.mediaType(), Map.of("Content-Disposition", "attachment; filename=\"" + place.sync().name() + "-" + place.entity().name()
                + "-" + when.replace(":", "") + "." + format.extension() + "\""), out -> {
                    try {
                        write(call, place, then, format, out);
                    } finally {
                        seats.release();
                    }
                });
    }

    /** A file is ended only where all of it was written. */
    private void write(Call call, Place place, Then then, Format format, OutputStream out) throws IOException {
        export.read(place, then, records -> {
            RecordWriter writer = format.open(out, columns(place, format == Format.PARQUET ? digits(place, records) : Map.of()));
            AtomicLong written = new AtomicLong();
            records.each(record -> {
                if (written.incrementAndGet() % LOOK_AGAIN == 0 && !call.isStillAdmitted()) {
                    throw new IllegalStateException("an export was ended: its caller " + call.caller().name() + " may not have it any more");
                }
                writer.write(lead(record), document(record));
            });
            writer.close();
        });
    }

    private static Document document(ExportedRecord record) {
        return record.document() == null ? null : Document.stored(record.document());
    }

    /** Parquet says before the first record how many digits a decimal has. */
    private static Map<String, Digits> digits(Place place, Export.Pass records) throws IOException {
        Shape shape = place.entity().shape();
        List<Integer> decimals = IntStream.range(0, shape.fields().size()).filter(at -> shape.fields().get(at).type() == FieldType.DECIMAL).boxed().toList();
        Map<String, Digits> digits = new HashMap<>();
        if (!decimals.isEmpty()) {
            records.each(record -> {
                Object[] values = record.document() == null ? new Object[0] : shape.valuesThen(document(record));
                for (int at : decimals) {
                    if (values.length > 0 && values[at] instanceof BigDecimal value) {
                        digits.merge(shape.fields().get(at).name(), Digits.of(value), Digits::and);
                    }
                }
            });
        }
        return digits;
    }

    /** Named like the columns of the tables, which no field can be called like. */
    private static Columns columns(Place place, Map<String, Digits> digits) {
        return new Columns(List.of(new Columns.Lead("row_id", FieldType.INTEGER), new Columns.Lead(place.sync().side() + "_id", FieldType.TEXT),
                new Columns.Lead("snapshot_id", FieldType.INTEGER), new Columns.Lead("valid_from", FieldType.TIMESTAMP),
                new Columns.Lead("hash", FieldType.TEXT), new Columns.Lead("removed_how", FieldType.TEXT)), place.entity().shape(), digits,
                Members.of("sync", place.sync().name(), "entity", place.entity().name()));
    }

    private static List<?> lead(ExportedRecord record) {
        return Arrays.asList(record.row(), record.key(), record.snapshot(), record.since(), record.hash(), record.removed());
    }
}
