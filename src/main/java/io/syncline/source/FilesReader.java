package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.FilesResource;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.CsvRows.Malformed;
import io.syncline.source.SourceFailure.Kind;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code kind: files}: the files of a folder, in the order of their names, streamed. Names that begin with a dot or end like a file under way
 * ({@code .tmp .part .partial .crdownload}) are passed over, and so is a file with the content of one before it, or of one that a cursor says was taken; a
 * file that changes while it is read fails the read, and what is no file is set aside by its name.
 */
final class FilesReader implements SourceReader {
    private static final Set<String> UNDER_WAY = Set.of("tmp", "part", "partial", "crdownload");
    private static final int MOST_LETTERS = 10 << 20;
    private static final int FEW = 4;

    private final Waiting waiting;
    private final ParquetFiles parquet;

    FilesReader(ParquetFiles parquet, Waiting waiting) {
        this.parquet = parquet;
        this.waiting = waiting;
    }

    @Override
    public PageReader open(Read read, String resume) {
        return new Pages(read, resume);
    }

    @Override
    public boolean drifts(Read read) {
        return false;
    }

    private interface Step<T> {
        T take() throws IOException, Malformed;
    }

    private final class Pages implements PageReader {
        private final Read read;
        private final FilesResource resource;
        private final Asked asked;
        private final Instant askedAt = waiting.now();
        private final TakenFiles taken;
        private final int there;
        private final List<Delivered> files;
        private final Set<Integer> unfit = new HashSet<>();
        private int number;
        private int file;
        private long records;
        private FileRecords opened;
        private Observed ahead;
        private long unreadable;
        private final List<String> faults = new ArrayList<>();

        Pages(Read read, String resume) {
            this.read = read;
            this.resource = (FilesResource) read.resource();
            this.asked = new Asked(read.system().name(), "read files " + resource.include());
            List<Delivered> all = list();
            this.there = all.size();
            this.taken = read.cursor() == null ? TakenFiles.none(read) : TakenFiles.of(read, asked);
            this.files = taken.left(all, read.mapping().version() == null && read.mapping().modifiedAt() == null, asked);
            Position position = Position.of(resume, asked);
            this.number = position.page();
            if (position.at() != null) {
                goOn(FilePosition.of(position.at(), asked));
            }
        }

        @Override
        public Page next() {
            List<Observed> page = new ArrayList<>();
            if (ahead == null) {
                ahead = record();
            }
            FilePosition after = null;
            while (ahead != null && page.size() < resource.pageSize()) {
                unreadable += ahead.key() == null ? 1 : 0;
                if (!ahead.isFit()) {
                    unfit.add(file);
                }
                page.add(ahead);
                if (page.size() == resource.pageSize()) {
                    after = new FilePosition(files, file, records, unfit);
                }
                ahead = record();
            }
            boolean last = ahead == null;
            String incomplete = !last || unreadable == 0 ? null : !faults.isEmpty() ? String.join("; ", faults)
                    : unreadable + (unreadable == 1 ? " record" : " records") + " came without a readable key";
            if (!last) {
                return new Page(number, page, false, Position.ordered(after.text(), ++number).resume(), null, askedAt, null);
            }
            taken.add(files, unfit);
            return new Page(number, page, true, null, null, askedAt, incomplete, null, taken.text(), note());
        }

        /** What was passed over, for the report. */
        private String note() {
            int passed = there - files.size();
            return read.cursor() == null ? null : "Of " + there + (there == 1 ? " file " : " files ") + passed + (passed == 1 ? " was" : " were")
                    + " taken before, by content; " + files.size() + (files.size() == 1 ? " was" : " were") + " read.";
        }

        @Override
        public void close() {
            if (opened != null) {
                try {
                    opened.close();
                } catch (IOException e) {
                    throw asked.failure(Kind.UNREACHABLE, "a file cannot be closed", "Check the disk", e);
                }
            }
        }

        /** The next record of the next file that has one; null after the last. */
        private Observed record() {
            for (; file < files.size(); file++) {
                Asked inFile = inFile(files.get(file));
                Observed next = inFile(inFile, () -> {
                    if (opened == null) {
                        opened = opened(files.get(file), inFile);
                        records = 0;
                    }
                    Observed found = opened.next();
                    if (found == null) {
                        requireUnchanged(files.get(file), inFile);
                        tell(opened.fault());
                        opened.close();
                        opened = null;
                    }
                    return found;
                });
                if (next != null) {
                    records++;
                    return next;
                }
            }
            return null;
        }

        private void tell(String fault) {
            if (fault != null && faults.size() < FEW) {
                faults.add(faults.size() < FEW - 1 ? fault : "and more");
            }
        }

        /** What can be wrong with a file ends the read, each with what to do about it. */
        private <T> T inFile(Asked inFile, Step<T> step) {
            try {
                return step.take();
            } catch (CharacterCodingException e) {
                throw inFile.failure(Kind.NONSENSE, "the file holds bytes that are no " + resource.charset(),
                        "Correct the file, or the charset in the system's file");
            } catch (Malformed e) {
                throw inFile.failure(Kind.NONSENSE, e.getMessage(), "Correct the file, or put it there as a whole");
            } catch (IOException e) {
                throw inFile.failure(Kind.UNREACHABLE, "the file cannot be read", "Check that it is there and may be read", e);
            }
        }

        private void goOn(FilePosition position) {
            int at = position.in(files);
            boolean found = at >= 0;
            if (found) {
                file = at;
                unfit.addAll(position.unfit());
                Asked inFile = inFile(files.get(file));
                found = inFile(inFile, () -> {
                    opened = opened(files.get(file), inFile);
                    records = position.records();
                    return opened.skip(position.records());
                });
            }
            if (!found) {
                close();
                throw asked.failure(Kind.POSITION_LOST, "the file to go on from, or one before it, is gone or changed", "Start the read over");
            }
        }

        private FileRecords opened(Delivered delivered, Asked inFile) throws IOException, Malformed {
            if (delivered.kind() != null) {
                return new NoFile(delivered);
            }
            requireUnchanged(delivered, inFile);
            if (resource.format() == FilesResource.Format.PARQUET) {
                return new ParquetRecords(parquet, delivered.path(), read.mapping());
            }
            BufferedReader text = new BufferedReader(new InputStreamReader(new BufferedInputStream(Files.newInputStream(delivered.path(),
                    LinkOption.NOFOLLOW_LINKS)), resource.charset().newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            try {
                return records(text);
            } catch (IOException | Malformed e) {
                text.close();
                throw e;
            }
        }

        private FileRecords records(BufferedReader text) throws IOException, Malformed {
            text.mark(1);
            if (text.read() != '\uFEFF') {
                text.reset();
            }
            return resource.format() == FilesResource.Format.CSV ? new CsvRecords(text, resource.delimiter(), MOST_LETTERS, read.mapping())
                    : new JsonLineRecords(text, MOST_LETTERS, read.mapping());
        }

        private void requireUnchanged(Delivered delivered, Asked inFile) throws IOException {
            try {
                if (delivered.isUnchanged()) {
                    return;
                }
            } catch (NoSuchFileException e) {
                throw inFile.failure(Kind.NONSENSE, "the file went away while it was read", "Leave files alone until they are read");
            }
            throw inFile.failure(Kind.NONSENSE, "the file changed while it was read",
                    "Write files under another name, ending with .tmp, and rename them when they are whole");
        }

        private List<Delivered> list() {
            try {
                Path directory = Path.of(read.connection().fill(((SourceConfig.Files) read.system().source()).directory()));
                if (!Files.isDirectory(directory)) {
                    throw asked.failure(Kind.UNREACHABLE, "the folder is not there", "Check the directory in the system's file");
                }
                PathMatcher included = FileSystems.getDefault().getPathMatcher("glob:" + resource.include());
                List<Path> paths;
                try (Stream<Path> all = Files.list(directory)) {
                    paths = all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && included.matches(path.getFileName())
                            && !isUnderWay(path)).sorted().toList();
                }
                return once(paths);
            } catch (IOException | InvalidPathException e) {
                throw asked.failure(Kind.UNREACHABLE, "the folder cannot be read", "Check the directory in the system's file and its rights", e);
            }
        }

        private Asked inFile(Delivered delivered) {
            return new Asked(asked.system(), "read file " + Asked.shown(delivered.name()));
        }
    }

    /** The files in their order, without those whose content came before. */
    private static List<Delivered> once(List<Path> paths) throws IOException {
        Set<String> seen = new HashSet<>();
        List<Delivered> once = new ArrayList<>();
        for (Path path : paths) {
            try {
                Delivered delivered = Delivered.of(path);
                if (delivered.digest() == null || seen.add(delivered.digest())) {
                    once.add(delivered);
                }
            } catch (NoSuchFileException e) {
                // It was taken away while the folder was listed, so it is not one of its files.
                continue;
            }
        }
        return once;
    }

    static boolean isUnderWay(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.startsWith(".") || name.endsWith("~") || UNDER_WAY.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
