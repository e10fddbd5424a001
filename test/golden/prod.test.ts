import { goldenTests } from "./golden";

goldenTests("prod");
