/**
 * Words that say little about what a question is about, folded to lower case without accents or apostrophes.
 * `stopWords` are never searched. `lightWords` (times, places, numbers) help when a passage has them and are not
 * missed when it has not: "a table for four on Friday" is about tables.
 */

export type Language = "en" | "es" | "pt";

export const stopWords: Record<Language, ReadonlySet<string>> = {
  en: words(`
    a an the this that these those there here it its i im ive id ill me my mine myself we were well us our ours you
    youre youve youd your yours u ur he she they them their his her him one ones someone anyone anybody everyone
    am is are was be been being isnt arent wasnt do does did doing done dont doesnt didnt have has had having havent
    hasnt can could cant couldnt will would wont wouldnt shall should may might must let lets get gets got getting
    and or but if so then than as at by for from in into of off on onto out over to too up with about around during
    not no nor any some all every each both either also just only even still already yet again very really quite
    what whats which when how hows why much many more most few long far maybe perhaps
    hi hello hey good morning evening afternoon night dear guys there please pls plz thanks thank thx ok okay yes
    yeah sorry excuse sir madam quick question questions ask asking wonder wondering know tell say said think
    believe guess hope like want wanted wants wanna need needed needs looking look see please help something
    anything nothing everything thing things way kind sort sell sells serve offer offers possible allowed able
    moment kinds types exactly actually please time times day days give send cost costs price prices make makes made take takes come coming go going
    try use using used bring put new place shop store guy people person friend
  `),
  es: words(`
    el la los las lo un una unos unas al del de a en con por para sin sobre entre hasta desde hacia y e o u ni pero
    que q qe k cual cuales cuando como cuanto cuanta cuantos cuantas porque pues si no ya aun tambien tan tanto muy
    mas menos algo alguien alguno alguna algunos algunas algun nada nadie ningun ninguna todo toda todos todas otro
    otra cada mismo misma yo tu el ella ello nosotros vosotros ustedes usted ellos ellas me te se le les nos os mi
    mis tus su sus mio mia nuestro nuestra vuestro vuestra vuestros este esta esto estos estas ese esa eso esos esas
    aquel aquella es son soy eres somos sois era eran fue fui ser sido sea esta estan estoy estamos estais estas estara estaran estareis estaba estabais sera seran este ahi
    alli aqui alla hay haya habra ha han he has hemos habeis haber habia hace hacen haceis haces hago hacer hecho
    tengo tiene tienen teneis tienes tenemos tener tuve tendreis puedo puede pueden podeis puedes podemos poder pueda puedan podamos
    podria podemos quiero quiere quieren quereis quieres queremos queria querria quisiera quisieramos
    necesito necesita necesitamos necesitaria voy va van vamos vais vas ir iba doy da dan dar dais das dame
    saber sabeis sabes sabe se decir dime decidme diga digame dicen dice gustaria gusta interesa interesado
    hola buenas buenos dias tardes noches dia tarde buen buena saludos favor porfa porfi porfavor pf pls gracias vale ok oye
    perdon perdona disculpa disculpe bueno pregunta duda consulta cosa cosas tipo tipos clase exactamente manera forma vez veces rato momento
    hora horas cuesta cuestan vale valen precio precios vendeis venden vende ofreceis ofrecen servis sirven
    posible cierto verdad creo pienso espero ver mirar busco buscar pasa pasais pasame mandame mandais enviame
    local sitio tienda gente persona personas amigo amiga puesto poner usar usais nuevo nueva
    aceptan aceptais acepta cogeis admiten algun xq tb tmb
  `),
  pt: words(`
    o a os as um uma uns umas de do da dos das em no na nos nas com por para pra sem sobre entre ate desde e ou mas
    que q qual quais quando como quanto quanta quantos quantas porque se nao sim ja ainda tambem tao muito mais menos
    algo alguem algum alguma nada todo toda todos todas outro outra cada eu tu voce voces ele ela eles elas nos me te
    lhe meu minha seu sua nosso nossa este esta isto esse essa isso aquele e sao sou somos era foi ser seja esta estao
    estou estamos la ali aqui ha tem tenho temos ter pode podem posso podemos poder poderia quero quer querem queria
    gostaria preciso vou vai vao vamos ir fazer faz fazem saber sei dizer diga ola oi bom boa dia tarde noite favor
    obrigado obrigada ok desculpa pergunta duvida coisa vez hora horas tempo custa custam preco precos vendem aceitam
    loja pessoa pessoas
  `),
};

export const lightWords: Record<Language, ReadonlySet<string>> = {
  en: words(`
    where who today tomorrow tonight now yesterday week weekend weekends month year early late soon next last nearby near nearest closest
    close monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
    saturdays sundays january february march april june july august september october november december
    mornings evenings afternoons noon midday weekday weekdays one two three four five six seven eight nine ten twelve
    fifteen twenty son daughter wife husband mother father mum mom dad brother sister boyfriend girlfriend
  `),
  es: words(`
    donde quien quienes hoy manana ahora ayer anoche noche semana mes ano temprano pronto proximo proxima cerca cercano cercana
    lunes martes miercoles jueves viernes sabado sabados domingo domingos enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre dos tres cuatro cinco seis siete ocho nueve diez doce quince veinte
    hijo hija mujer marido madre padre hermano hermana novio novia mediodia
  `),
  pt: words(`
    onde quem hoje amanha agora ontem noite semana mes ano cedo proximo perto segunda terca quarta quinta sexta sabado
    sabados domingo domingos janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
    dois tres quatro cinco seis sete oito nove dez doze quinze vinte filho filha
  `),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
