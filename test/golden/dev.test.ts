import { goldenTests } from "./golden";

goldenTests("dev");
