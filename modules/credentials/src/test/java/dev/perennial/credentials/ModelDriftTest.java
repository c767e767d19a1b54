package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the scripts answer is what the model in {@code docs/proofs} says that they answer. */
class ModelDriftTest {
  private static final Path PROOFS = Path.of("../../docs/proofs");

  /** Their answers decide nothing about a token or a code. */
  private static final Set<Script> NOT_MODELLED =
      EnumSet.of(
          Script.EXPIRE,
          Script.POSTPONE,
          Script.GRANT,
          Script.FIND,
          Script.LOSE,
          Script.RESEAL_FIELD,
          Script.RESEAL_TEXT,
          Script.REWIND,
          Script.WARN,
          Script.LEADS,
          Script.REMEMBER,
          Script.HOLD,
          Script.LET_GO,
          Script.LIMIT,
          Script.SESSION_ADD,
          Script.SESSION_NOTE);

  private static final Pattern SECTION = Pattern.compile("(?m)^/\\* ---- (\\w+)\\.lua");
  private static final Pattern MODEL_REPLY = Pattern.compile("\\breply = ([a-z_]+)");
  private static final Pattern LUA_REPLY = Pattern.compile("\\breturn \\{([^,}]*)[,}]");
  private static final Pattern COMPARED = Pattern.compile("[=~]= '\\w+'");
  private static final Pattern WORD = Pattern.compile("'(\\w+)'");
  private static final Pattern CODE_STATE = Pattern.compile("'state', '(\\w+)'");

  @ParameterizedTest
  @EnumSource(Script.class)
  void theModelKnowsEveryAnswerAndNoOther(Script script) throws IOException {
    Set<String> answers = answers(script);
    if (NOT_MODELLED.contains(script) || answers.isEmpty()) {
      assertThat(model()).doesNotContainKey(file(script));
    } else {
      assertThat(model()).containsEntry(file(script), answers);
    }
  }

  @Test
  void everySectionOfTheModelIsAScript() throws IOException {
    assertThat(Stream.of(Script.values()).map(ModelDriftTest::file)).containsAll(model().keySet());
  }

  @Test
  void answersAreFoundInTheScripts() {
    assertThat(answers(Script.COMMIT)).contains("committed", "superseded", "deleted", "not_ready");
    assertThat(answers(Script.CODE_BEGIN)).contains("begun", "connected", "failed");
  }

  /** The owner's variants are made of the same file. */
  private static String file(Script script) {
    return script.name().toLowerCase(Locale.ROOT).replaceFirst("^owner_", "");
  }

  private static Set<String> answers(Script script) {
    Set<String> answers = new TreeSet<>();
    for (String first : words(LUA_REPLY, text(script))) {
      answers.addAll(
          first.equals("state")
              ? codeStates()
              : words(WORD, COMPARED.matcher(first).replaceAll("")));
    }
    return answers;
  }

  private static Set<String> codeStates() {
    return Stream.of(Script.CODE_BEGIN, Script.CODE_FAIL, Script.PUT)
        .map(ModelDriftTest::text)
        .map(text -> words(CODE_STATE, text))
        .collect(TreeSet::new, Set::addAll, Set::addAll);
  }

  private static Map<String, Set<String>> model() throws IOException {
    Map<String, Set<String>> sections = new TreeMap<>();
    for (String file : Set.of("scripts.pml", "codes.pml")) {
      String model = Files.readString(PROOFS.resolve(file));
      Matcher section = SECTION.matcher(model);
      while (section.find()) {
        int next = model.indexOf("\n/* ---- ", section.end());
        String body = model.substring(section.end(), next < 0 ? model.length() : next);
        Set<String> replies = words(MODEL_REPLY, body);
        if (!replies.isEmpty()) {
          sections.put(first(section), replies);
        }
      }
    }
    return sections;
  }

  private static Set<String> words(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(ModelDriftTest::first)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String first(MatchResult match) {
    return Objects.requireNonNull(match.group(1));
  }

  private static String text(Script script) {
    return new String(script.text(), StandardCharsets.UTF_8);
  }
}
