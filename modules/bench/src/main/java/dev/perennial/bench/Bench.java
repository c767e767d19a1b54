package dev.perennial.bench;

import dev.perennial.app.role.Interruption;
import dev.perennial.bench.bed.Equipment;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.FigureFile;
import dev.perennial.bench.figure.FigureTable;
import dev.perennial.bench.figure.Page;
import dev.perennial.bench.row.Measurement;
import dev.perennial.bench.row.Pace;
import dev.perennial.bench.row.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run: measures, says how it goes, and shows what came of it. For one thread. */
final class Bench {
  private final List<Measurement> wanted;
  private final Pace pace;
  private final Equipment equipment;
  private final Written written;
  private final PrintWriter out;
  private final Interruption interruption;
  private final long begin = System.nanoTime();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * Where the figures are written to besides; each null = nowhere.
   *
   * @param json for {@code bench compare}
   * @param page in Markdown, with marks
   */
  record Written(@Nullable Path json, @Nullable Path page) {}

  Bench(
      List<Measurement> wanted,
      Pace pace,
      Equipment equipment,
      Written written,
      PrintWriter out,
      Interruption interruption) {
    this.wanted = List.copyOf(wanted);
    this.pace = pace;
    this.equipment = equipment;
    this.written = written;
    this.out = out;
    this.interruption = interruption;
  }

  /**
   * @return exit code: 0 where every row was measured
   */
  int run() {
    Machine machine = Machine.here();
    say("Perennial bench on " + machine.text());
    try (TemporaryDirectory directory = new TemporaryDirectory();
        Run run = new Run(directory.path(), pace, equipment, interruption, this::say)) {
      for (Measurement one : wanted) {
        measure(one, run);
      }
    } catch (Run.StoppedException e) {
      failures.add("stopped before its end");
    }
    show();
    if (failures.isEmpty()) {
      write(machine);
    }
    failures.forEach(failure -> out.println("not measured: " + failure));
    out.flush();
    return failures.isEmpty() ? 0 : 1;
  }

  private void measure(Measurement one, Run run) {
    try {
      List<Figure> measured = one.measure(run);
      figures.addAll(measured);
      run.note(measured);
    } catch (Run.StoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      if (interruption.asked()) { // a child may have heard the signal before us
        throw new Run.StoppedException();
      }
      failures.add(String.join(", ", one.rows()) + ": " + e.getMessage());
      say(failures.getLast());
    }
  }

  private void write(Machine machine) {
    Path json = written.json();
    if (json != null) {
      FigureFile.write(json, machine.members(), figures);
      say("written to " + json);
    }
    Path page = written.page();
    if (page != null) {
      writePage(page, machine);
      say("written to " + page);
    }
  }

  private void writePage(Path page, Machine machine) {
    String name = pace.quick() ? "quick" : "long";
    String command = "./perennial bench" + (pace.quick() ? " --quick" : "");
    String about =
        machine.text() + "; " + LocalDate.now(ZoneOffset.UTC) + "; `" + command + " --page FILE`.";
    try {
      Files.writeString(page, Page.with(Files.readString(page), name, about, figures));
    } catch (IOException e) {
      throw new UncheckedIOException(page + " cannot be written", e);
    }
  }

  private void show() {
    if (!figures.isEmpty()) {
      out.println();
      figures.forEach(figure -> out.println(figure.line()));
      out.println();
      out.print(FigureTable.of(figures));
      out.flush();
    }
  }

  private void say(String words) {
    double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
    out.println(String.format(Locale.ROOT, "%7.1f s  %s", seconds, words));
    out.flush();
  }
}
