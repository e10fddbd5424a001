import { serve } from "../provider/server";
import table from "../schema/tls.json";
import { privateKey } from "./private-key";

serve(table, { "tls:index/privateKey:PrivateKey": privateKey });
