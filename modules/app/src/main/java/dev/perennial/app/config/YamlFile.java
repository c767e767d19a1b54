package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a configuration file into dotted keys, each with its line. Works on YAML's node tree, since
 * the usual readers keep the last of two equal keys and pass over a file that is no mapping.
 */
final class YamlFile {
  private static final int DEPTH = 10;

  private final Path file;
  private final List<Problem> problems;
  private final List<RawValue> values = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private YamlFile(Path file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** What the file says; what is wrong with it as YAML goes to the problems. */
  static List<RawValue> read(Path file, List<Problem> problems) {
    YamlFile yaml = new YamlFile(file, problems);
    yaml.read();
    return yaml.values;
  }

  private void read() {
    try (Reader reader = Files.newBufferedReader(file)) {
      Node root = new Yaml(new LoaderOptions()).compose(reader);
      if (root != null && !isEmpty(root)) {
        visit("", root, 0);
      }
    } catch (NoSuchFileException _) {
      problem(file.toString(), "", "there is no such file", "");
    } catch (IOException e) {
      problem(file.toString(), "", "cannot be read: " + e.getMessage(), "");
    } catch (MarkedYAMLException e) {
      problem(at(e), "", "not YAML: " + e.getProblem(), "");
    } catch (YAMLException _) {
      problem(file.toString(), "", "not YAML, or not UTF-8", "");
    }
  }

  private void visit(String name, Node node, int depth) {
    switch (node) {
      case MappingNode mapping when depth < DEPTH -> visitAll(name, mapping, depth);
      case ScalarNode scalar when !name.isEmpty() -> add(name, scalar, text(scalar));
      case SequenceNode list when !name.isEmpty() && isFlat(list) -> add(name, list, text(list));
      default ->
          problem(at(node), name, "expected keys with values", "as in docs/configuration.md");
    }
  }

  private void visitAll(String name, MappingNode mapping, int depth) {
    for (NodeTuple entry : mapping.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String path = name.isEmpty() ? key : name + "." + key;
      if (entry.getValueNode() instanceof MappingNode) {
        visit(path, entry.getValueNode(), depth + 1);
      } else if (seen.add(path)) {
        visit(path, entry.getValueNode(), depth + 1);
      } else {
        problem(at(entry.getKeyNode()), path, "stands here twice", "keep one");
      }
    }
  }

  private void add(String name, Node node, String value) {
    values.add(new RawValue(name, name, value, at(node)));
  }

  private static boolean isFlat(SequenceNode list) {
    return list.getValue().stream().allMatch(ScalarNode.class::isInstance);
  }

  private static boolean isEmpty(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static String text(ScalarNode scalar) {
    return isEmpty(scalar) ? "" : scalar.getValue();
  }

  private static String text(SequenceNode list) {
    return list.getValue().stream()
        .map(part -> text((ScalarNode) part).replace(",", "\\,"))
        .collect(Collectors.joining(","));
  }

  private String at(Node node) {
    return file + ":" + (node.getStartMark().getLine() + 1);
  }

  private String at(MarkedYAMLException e) {
    return e.getProblemMark() == null
        ? file.toString()
        : file + ":" + (e.getProblemMark().getLine() + 1);
  }

  private void problem(String source, String key, String message, String hint) {
    problems.add(new Problem(source, key, message, hint));
  }
}
