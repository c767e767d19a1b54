import io.smallrye.config.ConfigMappingLoader;
import io.smallrye.config.ConfigMappingMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what SmallRye Config would else generate at each start: the classes behind a mapping,
 * which it takes from the class path where they are there. So a start is the shorter, and they can
 * be in an AOT cache.
 *
 * <p>{@code java -cp CLASSES ConfigClasses.java OUTPUT INTERFACE}
 */
final class ConfigClasses {
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    for (ConfigMappingMetadata generated :
        ConfigMappingLoader.getConfigMappingsMetadata(Class.forName(args[1]))) {
      Path file = Path.of(args[0], generated.getClassName().replace('.', '/') + ".class");
      Files.write(file, generated.getClassBytes());
    }
  }
}
