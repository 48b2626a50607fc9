package io.syncline.api;

import io.syncline.activity.Activity;
import io.syncline.export.Columns;
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
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

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
        Then then = said == null ? new Then(null, Instant.now().truncatedTo(ChronoUnit.MICROS)) : said;
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
        RecordWriter writer = format.open(out, columns(place));
        AtomicLong written = new AtomicLong();
        export.each(place, then, record -> {
            if (written.incrementAndGet() % LOOK_AGAIN == 0 && !call.isStillAdmitted()) {
                throw new IllegalStateException("an export was ended: its caller " + call.caller().name() + " may not have it any more");
            }
            writer.write(lead(record), record.document() == null ? null : Document.stored(record.document()));
        });
        writer.close();
    }

    /** Named like the columns of the tables, which no field can be called like. */
    private static Columns columns(Place place) {
        return new Columns(List.of(new Columns.Lead("row_id", FieldType.INTEGER), new Columns.Lead(place.sync().side() + "_id", FieldType.TEXT),
                new Columns.Lead("snapshot_id", FieldType.INTEGER), new Columns.Lead("valid_from", FieldType.TIMESTAMP),
                new Columns.Lead("hash", FieldType.TEXT)), place.entity().shape(), Map.of(), Map.of());
    }

    private static List<?> lead(ExportedRecord record) {
        return Arrays.asList(record.row(), record.key(), record.snapshot(), record.since(), record.hash());
    }
}
