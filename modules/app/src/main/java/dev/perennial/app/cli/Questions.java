package dev.perennial.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a person, one line for each question, until an answer can be used. */
record Questions(BufferedReader in, PrintWriter out) {
  private static final int PATIENCE = 5;

  /**
   * @param option that says the same where nobody answers
   * @param otherwise taken for an empty answer; null = there must be one
   * @param refuse why an answer cannot be used
   */
  String text(
      String question,
      String option,
      @Nullable String otherwise,
      Function<String, Optional<String>> refuse) {
    for (int tried = 0; tried < PATIENCE; tried++) {
      out.print(question + (otherwise == null ? "" : " [" + otherwise + "]") + ": ");
      out.flush();
      String line = line(option);
      String answer = line.isEmpty() && otherwise != null ? otherwise : line;
      Optional<String> refused =
          answer.isEmpty() && otherwise == null
              ? Optional.of("an answer is needed")
              : refuse.apply(answer);
      if (refused.isEmpty()) {
        return answer;
      }
      out.println("  " + refused.get());
    }
    throw new CommandFailure("no usable answer to \"" + question + "\"; say it with " + option);
  }

  boolean yes(String question, String option, boolean otherwise) {
    String answer =
        text(
            question + " (yes/no)",
            option,
            otherwise ? "yes" : "no",
            given -> given.matches("(?i)y|yes|n|no") ? Optional.empty() : Optional.of("yes or no"));
    return answer.toLowerCase(java.util.Locale.ROOT).startsWith("y");
  }

  private String line(String option) {
    try {
      String line = in.readLine();
      if (line == null) {
        throw new CommandFailure("nobody answers here: say it with " + option);
      }
      return line.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
